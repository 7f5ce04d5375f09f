import { describe, expect, test } from 'vitest';
import type { Schema } from '../../src/batch/schema.ts';
import { parquetReserve } from '../../src/encode/parquet/arena.ts';
import { openParquetEncoder } from '../../src/encode/parquet/encoder.ts';
import { ParquetFileWriter } from '../../src/encode/parquet/file-writer.ts';
import type { Encoder } from '../../src/flow/encoder.ts';
import type { Fragment } from '../../src/flow/fragment.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { buildBatch, type Cell, field } from './build-batch.ts';
import { expectColumns } from './expect-columns.ts';
import { queryDuckdb, readDuckdb } from './read-duckdb.ts';
import { metadataOf, readHyparquet } from './read-hyparquet.ts';
import { encodePlan, writeParquet } from './write-parquet.ts';

const mixed: Schema = {
  fields: [
    field('id', 'int64!'),
    field('near', 'int32'),
    field('at', 'timestamp'),
    field('cents', 'double'),
    field('word', 'string'),
    field('text', 'string!'),
    field('ok', 'boolean'),
  ],
};

function mixedCells(rows: number): Cell[][] {
  const every = (make: (row: number) => Cell, nulls = 0): Cell[] =>
    Array.from({ length: rows }, (_, row) => (nulls > 0 && row % nulls === 2 ? null : make(row)));
  return [
    every((row) => BigInt(row * 3)),
    every((row) => BigInt((row * 7919) % 1000), 13),
    every((row) => 1_700_000_000n + BigInt(row * 10 + ((row * 31) % 7)), 10),
    every((row) => ((row * row * 7919) % 5000) / 100, 10),
    every((row) => `word ${(row * 13) % 300}`, 7),
    every((row) => `text number ${(row * 104_729) % 1_000_003}`),
    every((row) => row % 5 === 0, 11),
  ];
}

test('100,000 rows in many pages, in any step', async () => {
  const columns = mixedCells(100_000);
  const bytes = await writeParquet(mixed, columns, { batchRows: 4700, pageBytes: 65_536, groupRows: 60_000 });
  expectColumns(mixed, await readDuckdb(bytes, mixed), columns);
  expectColumns(mixed, await readHyparquet(bytes, mixed), columns);
  const chunks = metadataOf(bytes).row_groups[0]!.columns.map((chunk) => chunk.meta_data!.encodings.join());
  expect(chunks).toEqual([
    'DELTA_BINARY_PACKED',
    'PLAIN,RLE,RLE_DICTIONARY',
    'RLE,DELTA_BINARY_PACKED',
    'PLAIN,RLE,RLE_DICTIONARY',
    'PLAIN,RLE,RLE_DICTIONARY',
    'DELTA_LENGTH_BYTE_ARRAY',
    'PLAIN,RLE',
  ]);
});

test('no rows make a file of no row groups', async () => {
  const bytes = await writeParquet(mixed, mixedCells(0));
  expect(await queryDuckdb(bytes, 'select count(*)::int from $file')).toEqual([[0]]);
  expect(metadataOf(bytes).row_groups).toEqual([]);
});

test('500 columns of every type', async () => {
  const fields = Array.from({ length: 500 }, (_, i) => ({ ...ALL_FIELDS[i % ALL_FIELDS.length]!, name: `c${i}` }));
  const columns = fields.map((_, i): Cell[] => {
    const edges = EDGES[ALL_FIELDS[i % ALL_FIELDS.length]!.name]!;
    return Array.from({ length: 900 }, (_, row) => (row % 6 === 5 ? null : edges[(row + i) % edges.length]!));
  });
  const bytes = await writeParquet({ fields }, columns, { batchRows: 100 });
  const exact = fields.filter((_, i) => ALL_FIELDS[i % ALL_FIELDS.length]!.name !== 'timestamptz(ns)');
  const read = await readDuckdb(bytes, { fields: exact });
  expectColumns(
    { fields: exact },
    read,
    exact.map((one) => columns[fields.indexOf(one)]!),
  );
});

describe('huge values', () => {
  const texts: Schema = { fields: [field('s', 'string'), field('b', 'binary!')] };
  const sizes = [0, 10, 3_000_000, 1, 5_000_000, 70_000, 1_048_572, 1_048_573, 2];
  const columns: Cell[][] = [
    sizes.map((size, row) => (row === 3 ? null : String.fromCharCode(97 + row).repeat(size))),
    sizes.map((size, row) => new Uint8Array(size).fill(255 - row)),
  ];

  test.each(['auto', 'compatible'] as const)('get pages of their own: %s', async (encodings) => {
    const bytes = await writeParquet(texts, columns, { encodings });
    expectColumns(texts, await readDuckdb(bytes, texts), columns);
    expectColumns(texts, await readHyparquet(bytes, texts), columns);
  });

  test('after a dictionary of small ones', async () => {
    const cells = [...Array.from({ length: 5000 }, (_, row) => `w${row % 10}`), 'x'.repeat(2_000_000), 'w1', null];
    const one = { fields: [field('s', 'string')] };
    for (const encodings of ['auto', 'compatible'] as const) {
      const bytes = await writeParquet(one, [cells], { batchRows: 700, pageBytes: 5000, encodings });
      expectColumns(one, await readDuckdb(bytes, one), [cells]);
    }
  });
});

describe('the same rows in the same appends make the same bytes', () => {
  test('whatever the encoder did before', async () => {
    const plan = encodePlan(mixed, { pageBytes: 20_000 });
    const kernel = await Kernel.open(parquetReserve(plan) + 12_000_000);
    const batch = buildBatch(kernel, mixed, mixedCells(30_000));
    using encoder: Encoder = await openParquetEncoder(plan, kernel);
    const group = (from: number, to: number): Fragment => {
      for (let at = from; at < to; at += 1500) encoder.append(batch, at, Math.min(to, at + 1500));
      return encoder.finish()!;
    };
    const first = group(6000, 12_000);
    group(0, 30_000);
    group(29_999, 30_000);
    const again = group(6000, 12_000);
    expect(again.facts).toEqual(first.facts);
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
    expect(again.rawBytes).toBe(first.rawBytes);
    expect(encoder.finish()).toBeNull();
  });

  test('in another kernel', async () => {
    const columns = mixedCells(9000);
    const write = () => writeParquet(mixed, columns, { batchRows: 2000, groupRows: 5000 });
    expect(Buffer.compare(await write(), await write())).toBe(0);
  });
});

describe('kernel memory', () => {
  const wide = (count: number) =>
    encodePlan({ fields: Array.from({ length: count }, (_, i) => field(`c${i}`, 'string')) });

  test.each([1, 10, 100, 1000, 10_000])('is what the reserve says, for %i columns', async (count) => {
    const plan = wide(count);
    const reserve = parquetReserve(plan);
    expect(reserve).toBeLessThan(count <= 1000 ? 80 * 2 ** 20 : 400 * 2 ** 20);
    const kernel = await Kernel.open(reserve);
    using encoder = await openParquetEncoder(plan, kernel);
    expect(encoder.rows).toBe(0);
  });

  test('another kernel’s batch is refused', async () => {
    const plan = wide(1);
    const [a, b] = [await Kernel.open(parquetReserve(plan) + 10_000), await Kernel.open(100_000)];
    using encoder = await openParquetEncoder(plan, a);
    const batch = buildBatch(b, plan.schema, [['x']]);
    expect(() => encoder.append(batch, 0, 1)).toThrowError(/another kernel/);
  });

  test('nulls in a column that takes none are refused', async () => {
    const plan = encodePlan({ fields: [field('s', 'string!')] });
    const kernel = await Kernel.open(parquetReserve(plan) + 10_000);
    using encoder = await openParquetEncoder(plan, kernel);
    const batch = buildBatch(kernel, plan.schema, [['x', null]]);
    expect(() => encoder.append(batch, 0, 2)).toThrowError(expect.objectContaining({ code: 'ATLAS_INTERNAL' }));
  });
});

test('the file writer counts, and takes fragments of its own format only', async () => {
  const plan = encodePlan(mixed);
  const writer = new ParquetFileWriter(plan);
  const foreign = { rows: 1, bytes: new Uint8Array(3), facts: { format: 'arrow' } };
  expect(() => writer.place(foreign)).toThrowError(/does not belong/);
  writer.begin();
  expect(() => writer.place(foreign)).toThrowError(/does not belong/);
  const end = writer.end();
  expect([writer.rows, writer.rowGroups, writer.bytes]).toEqual([0, 0, end.byteLength + 4]);
});
