import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { duckdb, ParquetBed, readParquet } from './parquet-bed.ts';

const FEATURES = { i: 'bigint', t: 'string', d: 'double' } as const;

/** A file of ours, whose pages have checksums, beside its bytes. */
async function ours(bed: ParquetBed): Promise<Buffer> {
  await duckdb(
    `COPY (SELECT i, 'text ' || (i % 97) AS t, i / 3.0::DOUBLE AS d FROM range(4000) r(i)) TO '${bed.input}' (FORMAT parquet)`,
  );
  await bed.load(FEATURES);
  return readFileSync(bed.output);
}

/** What reading a file ends with: its rows, or the code of the error. */
async function outcome(path: string): Promise<unknown> {
  try {
    return (await readParquet(path, FEATURES)).rows;
  } catch (error) {
    if (error instanceof AtlasError) return error.code;
    throw error;
  }
}

it('a flipped bit in the pages is an error, or changes nothing: never other rows', async () => {
  using bed = new ParquetBed();
  const bytes = await ours(bed);
  const rows = await outcome(bed.output);
  const [[end]] = (await duckdb(
    `SELECT max(data_page_offset + total_compressed_size) FROM parquet_metadata('${bed.output}')`,
  )) as [[string]];
  const codes = new Set<unknown>();
  let seed = 20261122;
  for (let round = 0; round < 150; round += 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const at = 4 + (seed % (Number(end) - 4));
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ (1 << (round % 8));
    writeFileSync(bed.output, flipped);
    const found = await outcome(bed.output);
    if (typeof found === 'string') codes.add(found);
    else expect(found, `bit ${round % 8} of byte ${at}`).toEqual(rows);
  }
  expect(codes).toContain('ATLAS_PARQUET_DAMAGED');
  expect([...codes].filter((code) => !String(code).startsWith('ATLAS_PARQUET_'))).toEqual([]);
});

it('a flipped bit in the footer is an error of ours, whatever it says', async () => {
  using bed = new ParquetBed();
  const bytes = await ours(bed);
  const footer = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  for (let round = 0; round < 150; round += 1) {
    const at = footer + Math.floor(((bytes.length - footer) * round) / 150);
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] as number) ^ (1 << (round % 8));
    writeFileSync(bed.output, flipped);
    const found = await outcome(bed.output);
    if (Array.isArray(found)) expect(found.length, `byte ${at}`).toBe(4000);
    else expect(found, `byte ${at}`).toMatch(/^ATLAS_(PARQUET|PLAN)_/);
  }
});

it('a file that was cut off anywhere is refused', async () => {
  using bed = new ParquetBed();
  const bytes = await ours(bed);
  for (const length of [0, 3, 4, 11, 12, 100, bytes.length >> 1, bytes.length - 9, bytes.length - 1]) {
    writeFileSync(bed.output, bytes.subarray(0, length));
    expect(await outcome(bed.output), `${length} bytes`).toBe('ATLAS_PARQUET_INVALID');
  }
});

it('what is no Parquet file, or an encrypted one, is said', async () => {
  using bed = new ParquetBed();
  bed.project.write('in.parquet', 'id,name\n1,a\n2,b\n3,c\n');
  expect((await bed.load(FEATURES)).error).toMatchObject({ code: 'ATLAS_PARQUET_INVALID' });
  const bytes = await ours(bed);
  bytes.write('PARE', bytes.length - 4);
  writeFileSync(bed.input, bytes);
  expect((await bed.load(FEATURES)).error).toMatchObject({
    code: 'ATLAS_PARQUET_UNSUPPORTED',
    message: expect.stringContaining('encrypted'),
  });
});

it('a page that is larger than max_page_bytes is refused before it is decompressed', async () => {
  using bed = new ParquetBed();
  await duckdb(
    `COPY (SELECT repeat('x', 100) || i AS t FROM range(2000) r(i)) TO '${bed.input}' (FORMAT parquet, CODEC zstd)`,
  );
  const receipt = await bed.load({ t: 'string' }, { source: { max_page_bytes: 10_000 } });
  expect(receipt.error).toMatchObject({
    code: 'ATLAS_PARQUET_UNSUPPORTED',
    hint: expect.stringContaining('max_page_bytes'),
  });
});

it('columns that no feature takes are not even looked at', async () => {
  using bed = new ParquetBed();
  const bytes = await ours(bed);
  const [[from, size]] = (await duckdb(
    `SELECT data_page_offset, total_compressed_size FROM parquet_metadata('${bed.output}') WHERE path_in_schema = 'd'`,
  )) as [[string, string]];
  bytes.fill(0xff, Number(from), Number(from) + Number(size));
  writeFileSync(bed.output, bytes);
  expect(await outcome(bed.output)).toBe('ATLAS_PARQUET_DAMAGED');
  expect((await readParquet(bed.output, { i: 'bigint', t: 'string' })).rows.length).toBe(4000);
});
