import { expect, test } from 'vitest';
import { type Cell, field } from './build-batch.ts';
import { expectColumns } from './expect-columns.ts';
import { readDuckdb } from './read-duckdb.ts';
import { metadataOf, readHyparquet } from './read-hyparquet.ts';
import { type WriteOptions, writeParquet } from './write-parquet.ts';

async function encodingsOf(spelling: string, cells: readonly Cell[], options: WriteOptions = {}): Promise<string[]> {
  const schema = { fields: [field('c', spelling)] };
  const bytes = await writeParquet(schema, [cells], options);
  expectColumns(schema, await readDuckdb(bytes, schema), [cells]);
  if (!spelling.startsWith('decimal')) expectColumns(schema, await readHyparquet(bytes, schema), [cells]);
  const encodings = metadataOf(bytes).row_groups[0]!.columns[0]!.meta_data!.encodings;
  return encodings.filter((encoding) => encoding !== 'RLE');
}

const make = (rows: number, cell: (row: number) => Cell): Cell[] => Array.from({ length: rows }, (_, row) => cell(row));
const scatter = (row: number, count: number): number => (Math.imul(row ^ (row >>> 3), 2_654_435_761) >>> 7) % count;

/** A 64-bit number that looks like no other. */
function noise(row: number): bigint {
  let x = BigInt.asUintN(64, (BigInt(row) + 1n) * 0x9e3779b97f4a7c15n);
  x = BigInt.asUintN(64, (x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n);
  return BigInt.asIntN(64, x ^ (x >> 27n));
}

test('few values have one, whatever their type', async () => {
  const options = { batchRows: 2000 };
  expect(
    await encodingsOf(
      'int64',
      make(20_000, (row) => BigInt(scatter(row, 50)) * 10n ** 15n),
      options,
    ),
  ).toContain('RLE_DICTIONARY');
  expect(
    await encodingsOf(
      'double',
      make(20_000, (row) => scatter(row, 5000) / 100),
      options,
    ),
  ).toContain('RLE_DICTIONARY');
  expect(
    await encodingsOf(
      'string',
      make(20_000, (row) => `w${scatter(row, 3000)}`),
      options,
    ),
  ).toContain('RLE_DICTIONARY');
  expect(
    await encodingsOf(
      'decimal(30,2)',
      make(20_000, (row) => BigInt(scatter(row, 900))),
      options,
    ),
  ).toContain('RLE_DICTIONARY');
});

test('values that never come again have none', async () => {
  const options = { batchRows: 2000 };
  expect(
    await encodingsOf(
      'double',
      make(20_000, (row) => Math.sqrt(row)),
      options,
    ),
  ).toEqual(['PLAIN']);
  expect(
    await encodingsOf(
      'string',
      make(20_000, (row) => `text ${row}`),
      options,
    ),
  ).toEqual(['DELTA_LENGTH_BYTE_ARRAY']);
  expect(
    await encodingsOf(
      'string',
      make(300, (row) => `text ${row}`),
      options,
    ),
  ).toEqual(['DELTA_LENGTH_BYTE_ARRAY']);
  expect(
    await encodingsOf(
      'int64',
      make(20_000, (row) => BigInt(row) ** 3n),
      options,
    ),
  ).toEqual(['DELTA_BINARY_PACKED']);
});

test('integers that neither repeat nor follow each other stay plain', async () => {
  const cells = make(20_000, noise);
  expect(await encodingsOf('int64', cells, { batchRows: 2000 })).toEqual(['PLAIN']);
});

test('a dictionary that fills up late is kept for its pages, and given up for the rest', async () => {
  const texts = make(150_000, (row) =>
    row < 70_000 ? `word ${scatter(row, 500)}` : row % 10 === 0 ? null : `number ${row * 7}`,
  );
  expect(await encodingsOf('string', texts, { batchRows: 5000, pageBytes: 100_000 })).toEqual([
    'PLAIN',
    'DELTA_LENGTH_BYTE_ARRAY',
    'RLE_DICTIONARY',
  ]);
  const numbers = make(330_000, (row) => (row < 150_000 ? BigInt(scatter(row, 500)) * 10n ** 9n : noise(row)));
  expect(await encodingsOf('int64', numbers, { batchRows: 9000 })).toEqual(['PLAIN', 'RLE_DICTIONARY']);
});

test('keys made to collide cost no more than other keys', async () => {
  // the inverse of the kernel's hash: every one of these falls into the same slot
  const inverse = 0xf1de83e19937733dn;
  expect(BigInt.asUintN(64, inverse * 0x9e3779b97f4a7c15n)).toBe(1n);
  const cells = make(60_000, (row) => {
    const mixed = BigInt.asUintN(64, BigInt(row % 20_000) * inverse);
    return BigInt.asIntN(64, mixed ^ (mixed >> 32n));
  });
  expect(await encodingsOf('int64', cells, { batchRows: 5000 })).not.toContain('RLE_DICTIONARY');
});
