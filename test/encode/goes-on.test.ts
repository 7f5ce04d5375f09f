import fc from 'fast-check';
import { readColumnIndex, readOffsetIndex } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../src/batch/schema.ts';
import { parquetReserve } from '../../src/encode/parquet/arena.ts';
import { openParquetEncoder } from '../../src/encode/parquet/encoder.ts';
import { ParquetFileWriter } from '../../src/encode/parquet/file-writer.ts';
import { readFooter, spliceFooter } from '../../src/encode/parquet/splice-footer.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { buildBatch, type Cell, field } from './build-batch.ts';
import { expectColumns } from './expect-columns.ts';
import { queryClickhouse } from './read-clickhouse.ts';
import { readDuckdb } from './read-duckdb.ts';
import { metadataOf, readHyparquet } from './read-hyparquet.ts';
import { encodePlan, type WriteOptions, writeParquet } from './write-parquet.ts';

/** What a file begins with, and its footer. */
function cut(file: Buffer) {
  const length = file.readUInt32LE(file.length - 8);
  const position = file.length - 8 - length;
  return { data: file.subarray(0, position), footer: file.subarray(position, file.length - 8), position };
}

/** The file with the rows of `columns` behind its own. */
async function goOn(file: Buffer, schema: Schema, columns: readonly (readonly Cell[])[], options: WriteOptions = {}) {
  const plan = encodePlan(schema, options);
  const rows = columns[0]?.length ?? 0;
  const kernel = await Kernel.open(parquetReserve(plan) + 4_000_000);
  using encoder = await openParquetEncoder(plan, kernel);
  const { data, footer, position } = cut(file);
  const writer = new ParquetFileWriter(plan, { footer, position });
  const parts: Uint8Array[] = [data, writer.begin()];
  const batch = buildBatch(kernel, schema, columns);
  const group = options.groupRows ?? Math.max(1, rows);
  for (let from = 0; from < rows; from += group) {
    encoder.append(batch, from, Math.min(rows, from + group));
    parts.push(...writer.place(structuredClone(encoder.finish()!)));
  }
  parts.push(writer.end());
  const whole = Buffer.concat(parts);
  expect(writer.bytes).toBe(whole.length);
  return { whole, rows: writer.rows, rowGroups: writer.rowGroups };
}

function cycle(name: string, rows: number, nullEvery: number, start = 0): Cell[] {
  const edges = EDGES[name]!;
  return Array.from({ length: rows }, (_, row) =>
    nullEvery > 0 && row % nullEvery === nullEvery - 1 ? null : edges[(start + row * 7) % edges.length]!,
  );
}

/** Readers' own limits, as in values.test.ts. */
const inDuckdb = { fields: ALL_FIELDS.filter((one) => one.name !== 'timestamptz(ns)') };
const inHyparquet = { fields: ALL_FIELDS.filter((one) => one.type.kind !== 'decimal') };
const joined = (one: readonly Cell[][], other: readonly Cell[][]) => one.map((cells, i) => [...cells, ...other[i]!]);

describe('a file that goes on', () => {
  test.each([
    ['snappy', 2500, 7],
    ['zstd', 1, 2500],
    ['gzip', 0, 3],
    ['none', 40, 1],
  ] as const)('%s: %i rows, then %i, of every type', async (compression, before, after) => {
    for (const [schema, read] of [
      [inDuckdb, readDuckdb],
      [inHyparquet, readHyparquet],
    ] as const) {
      const old = schema.fields.map(({ name }) => cycle(name, before, 5));
      const more = schema.fields.map(({ name }) => cycle(name, after, 3, 2));
      const options = { compression, pageBytes: 700, groupRows: 900 };
      const file = await writeParquet(schema, old, options);
      const { whole, rows, rowGroups } = await goOn(file, schema, more, options);
      expect(rows).toBe(before + after);
      expect(whole.subarray(0, cut(file).position)).toEqual(cut(file).data);
      const metadata = metadataOf(whole);
      expect(Number(metadata.num_rows)).toBe(before + after);
      expect(metadata.row_groups).toHaveLength(rowGroups);
      expectColumns(schema, await read(whole, schema), joined(old, more));
    }
  });

  test('once more, and once more again', async () => {
    const schema = { fields: [field('n', 'int64'), field('s', 'string')] };
    const part = (from: number, rows: number): Cell[][] => [
      Array.from({ length: rows }, (_, i) => BigInt(from + i)),
      Array.from({ length: rows }, (_, i) => `row ${from + i}`),
    ];
    let file = await writeParquet(schema, part(0, 100), { groupRows: 30 });
    let all = part(0, 100);
    // more than fifteen row groups: the list's header grows
    for (const [from, rows] of [
      [100, 5],
      [105, 61],
      [166, 1],
    ] as const) {
      ({ whole: file } = await goOn(file, schema, part(from, rows), { groupRows: 3 }));
      all = joined(all, part(from, rows));
    }
    expectColumns(schema, await readDuckdb(file, schema), all);
    const rows = await queryClickhouse(file, 'SELECT n, s FROM $file WHERE n >= 99');
    expect(rows).toEqual(all[0]!.slice(99).map((n) => ({ n: String(n), s: `row ${n}` })));
  });

  test('keeps the page indexes, statistics and metadata of what was there, and has its own', async () => {
    const schema = { fields: [field('n', 'int64')] };
    const ramp = (from: number) => [Array.from({ length: 2000 }, (_, i) => BigInt(from + i))];
    const options = { pageBytes: 512, groupRows: 1000 };
    const file = await writeParquet(schema, ramp(0), options);
    const { whole } = await goOn(file, schema, ramp(2000), options);
    const [old, now] = [metadataOf(file), metadataOf(whole)];
    expect(now.row_groups.slice(0, 2)).toEqual(old.row_groups);
    expect(now.key_value_metadata).toEqual(old.key_value_metadata);
    expect(now.created_by).toBe(old.created_by);
    expect(now.schema).toEqual(old.schema);
    for (const [index, group] of now.row_groups.entries()) {
      const chunk = group.columns[0]!;
      const at = (offset: bigint | undefined, length: number | undefined) => ({
        view: new DataView(whole.buffer, whole.byteOffset + Number(offset), length),
        offset: 0,
      });
      const { page_locations } = readOffsetIndex(at(chunk.offset_index_offset, chunk.offset_index_length));
      expect(page_locations.length).toBeGreaterThan(3);
      expect(Number(page_locations[0]!.offset)).toBe(Number(chunk.meta_data!.data_page_offset));
      const element = { type: 'INT64', name: 'n' } as never;
      const pages = readColumnIndex(at(chunk.column_index_offset, chunk.column_index_length), element, undefined);
      expect(pages.min_values[0]).toBe(BigInt(index * 1000));
      expect(pages.max_values.at(-1)).toBe(BigInt(index * 1000 + 999));
    }
  });

  test('any file and any second batch read as one', async () => {
    const cells = (name: string) =>
      fc.array(fc.oneof(fc.constantFrom(...EDGES[name]!), fc.constant(null)), { maxLength: 400 });
    const names = fc.constantFrom('int64', 'string', 'double', 'boolean', 'date', 'decimal(38,10)', 'uuid', 'binary');
    const columns = names.chain((name) => fc.tuple(fc.constant(name), cells(name), cells(name)));
    await fc.assert(
      fc.asyncProperty(
        columns,
        fc.integer({ min: 1, max: 90 }),
        fc.constantFrom(64, 1 << 20),
        async ([name, old, more], groupRows, pageBytes) => {
          const schema = { fields: [field(name, name)] };
          const file = await writeParquet(schema, [old], { groupRows, pageBytes });
          const { whole } = await goOn(file, schema, [more], { groupRows, pageBytes });
          expectColumns(schema, await readDuckdb(whole, schema), [[...old, ...more]]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a footer that cannot go on', () => {
  const int = { fields: [field('n', 'int64')] };

  test('other columns', async () => {
    const file = await writeParquet(int, [[1n]]);
    for (const other of [field('m', 'int64'), field('n', 'int32'), { ...field('n', 'int64'), nullable: false }]) {
      await expect(goOn(file, { fields: [other] }, [[2n]])).rejects.toMatchObject({ code: 'ATLAS_REPLAY_TARGET' });
    }
  });

  test('any cut, any flipped bit: a named error, or a footer that still counts right', async () => {
    const { footer } = cut(
      await writeParquet(int, [Array.from({ length: 50 }, (_, i) => BigInt(i))], { groupRows: 10 }),
    );
    const { footer: added } = cut(await writeParquet(int, [[7n]]));
    for (let length = 0; length < footer.length; length += 1) {
      expect(() => readFooter(footer.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'ATLAS_PARQUET_INVALID' }),
      );
    }
    for (let bit = 0; bit < footer.length * 8; bit += 1) {
      const bad = Uint8Array.from(footer);
      bad[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(readFooter(spliceFooter(bad, added)).rowGroups).toBe(6);
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^ATLAS_(PARQUET_INVALID|REPLAY_TARGET)$/) });
      }
    }
  });

  test('of another writer', async () => {
    const { footer } = cut(await writeParquet(int, [[1n]]));
    const other = Buffer.from(
      footer.toString('latin1').replace('atlas-ingest version', 'parquet-mr version  '),
      'latin1',
    );
    expect(() => readFooter(other)).toThrow(/parquet-mr/);
  });
});
