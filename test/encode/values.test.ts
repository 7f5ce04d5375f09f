import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Field } from '../../src/batch/schema.ts';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { type Cell, field } from './build-batch.ts';
import { expectColumns } from './expect-columns.ts';
import { readDuckdb } from './read-duckdb.ts';
import { readHyparquet } from './read-hyparquet.ts';
import { writeParquet } from './write-parquet.ts';

const schema = { fields: ALL_FIELDS };

/** DuckDB keeps microseconds only of zoned timestamps. */
const exactInDuckdb = ALL_FIELDS.filter((one) => one.name !== 'timestamptz(ns)');

/** `rows` cells that go through a type's edges, every `nullEvery`th one null. */
function cycle(name: string, rows: number, nullEvery: number): Cell[] {
  const edges = EDGES[name]!;
  return Array.from({ length: rows }, (_, row) =>
    nullEvery > 0 && row % nullEvery === nullEvery - 1 ? null : edges[(row * 7) % edges.length]!,
  );
}

/** hyparquet makes doubles of decimals. */
const exactInHyparquet = ALL_FIELDS.filter((one) => one.type.kind !== 'decimal');

describe.each(['snappy', 'gzip', 'zstd', 'none'] as const)('%s', (compression) => {
  test.each([
    [0, 0],
    [1, 0],
    [1, 1],
    [7, 3],
    [2500, 0],
    [2500, 1],
    [2500, 5],
  ])('%i rows of every type, every %ith null', async (rows, nullEvery) => {
    const columns = ALL_FIELDS.map((one) => cycle(one.name, rows, nullEvery));
    const bytes = await writeParquet(schema, columns, { compression, batchRows: 999, groupRows: 2000 });
    const pick = (all: readonly Cell[][], fields: readonly Field[]) =>
      fields.map((one) => all[ALL_FIELDS.indexOf(one)]!);
    const duckdb = { fields: exactInDuckdb };
    expectColumns(duckdb, await readDuckdb(bytes, duckdb), pick(columns, exactInDuckdb));
    const read = await readHyparquet(bytes, schema);
    expectColumns({ fields: exactInHyparquet }, pick(read, exactInHyparquet), pick(columns, exactInHyparquet));
  });
});

test('columns that take no nulls', async () => {
  const required = { fields: exactInDuckdb.map((one) => ({ ...one, nullable: false })) };
  const columns = required.fields.map((one) => cycle(one.name, 3000, 0));
  const bytes = await writeParquet(required, columns, { batchRows: 1000 });
  expectColumns(required, await readDuckdb(bytes, required), columns);
});

/** Cells of one type: edges, small ranges, runs, ramps, noise, so that every encoding has its turn. */
function cellsOf(name: string): fc.Arbitrary<Cell[]> {
  const edges = fc.constantFrom(...EDGES[name]!);
  const shapes: fc.Arbitrary<Cell>[] = [edges];
  if (name.startsWith('int64') || name.startsWith('timestamp')) shapes.push(fc.bigInt(-(10n ** 12n), 10n ** 12n));
  if (name === 'double')
    shapes.push(
      fc.double(),
      fc.integer({ min: 0, max: 9999 }).map((cents) => cents / 100),
    );
  if (name === 'string') shapes.push(fc.string({ unit: 'grapheme', maxLength: 40 }));
  if (name === 'date') shapes.push(fc.bigInt(-10_000n, 60_000n));
  if (name === 'decimal(38,10)') shapes.push(fc.bigInt(-(10n ** 37n), 10n ** 37n));
  const cell = fc.oneof(...shapes, fc.constant(null));
  const runs = fc
    .array(fc.tuple(cell, fc.integer({ min: 1, max: 200 })), { maxLength: 30 })
    .map((parts) => parts.flatMap(([value, times]) => Array.from({ length: times }, () => value)));
  return fc.oneof(fc.array(cell, { maxLength: 1500 }), runs);
}

test.each([
  'int64',
  'int16',
  'uint64',
  'double',
  'string',
  'binary',
  'boolean',
  'date',
  'timestamp',
  'decimal(38,10)',
  'uuid',
])('any %s column survives any cut into appends and row groups', async (name) => {
  const one = { fields: [field(name, name)] };
  await fc.assert(
    fc.asyncProperty(
      cellsOf(name),
      fc.integer({ min: 1, max: 700 }),
      fc.integer({ min: 1, max: 900 }),
      fc.constantFrom(64, 1000, 1 << 20),
      fc.constantFrom('auto', 'compatible'),
      async (cells, batchRows, groupRows, pageBytes, encodings) => {
        const bytes = await writeParquet(one, [cells], {
          batchRows,
          groupRows,
          pageBytes,
          encodings: encodings as 'auto',
        });
        expectColumns(one, await readDuckdb(bytes, one), [cells]);
      },
    ),
    { numRuns: 25 },
  );
});
