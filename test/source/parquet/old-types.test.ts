import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { handMadeFile } from './hand-made.ts';
import { duckdb, ParquetBed, readParquet } from './parquet-bed.ts';

const DAY = 86_400_000_000_000n;
const JULIAN = 2_440_588n;

/** An INT96: nanoseconds of the day, then the Julian day. */
function int96(nanos: bigint): Buffer {
  const part = ((nanos % DAY) + DAY) % DAY;
  const bytes = Buffer.alloc(12);
  bytes.writeBigInt64LE(part);
  bytes.writeUInt32LE(Number((nanos - part) / DAY + JULIAN), 8);
  return bytes;
}

function int96File(path: string, values: readonly bigint[]): void {
  writeFileSync(path, handMadeFile({ type: 3, values: Buffer.concat(values.map(int96)), count: values.length }));
}

const at = (text: string): bigint => BigInt(Date.parse(`${text}Z`)) * 1_000_000n;

it('INT96 timestamps are what DuckDB reads them as, before 1970 too', async () => {
  using bed = new ParquetBed();
  const values = [
    0n,
    -1000n,
    at('1969-12-31T23:59:59'),
    at('2024-02-29T12:34:56') + 789_000n,
    at('1900-01-01T00:00:00'),
  ];
  int96File(bed.input, values);
  const { rows, rejects } = await readParquet(bed.input, { x: 'timestamp(ns)' });
  expect(rejects).toEqual([]);
  const told = await duckdb(`SELECT strftime(x, '%Y-%m-%dT%H:%M:%S.%n') FROM read_parquet('${bed.input}')`);
  expect(rows).toEqual(told);
  expect((await readParquet(bed.input, { x: 'timestamptz(ns)' })).rows).toEqual(
    rows.map(([cell]) => [`${String(cell)}Z`]),
  );
});

it('INT96 says no unit: any may be declared, and a value that it cannot hold is a reject', async () => {
  using bed = new ParquetBed();
  int96File(bed.input, [at('9999-12-31T23:59:59'), at('2024-01-01T00:00:00') + 1n, at('0001-01-01T00:00:00') + 1000n]);
  const micros = await readParquet(bed.input, { x: 'timestamp(us)' });
  expect(micros.rows).toEqual([['9999-12-31T23:59:59.000000'], ['0001-01-01T00:00:00.000001']]);
  expect(micros.rejects.map(({ line, code }) => [line, code])).toEqual([[1, 'ATLAS_CAST_LOSS']]);
  const nanos = await readParquet(bed.input, { x: 'timestamp(ns)' });
  expect(nanos.rows).toEqual([['2024-01-01T00:00:00.000000001']]);
  expect(nanos.rejects.map(({ line, code, raw }) => [line, code, raw])).toEqual([
    [0, 'ATLAS_CAST_RANGE', '{"x":"9999-12-31T23:59:59.000000000"}'],
    [2, 'ATLAS_CAST_RANGE', '{"x":"0001-01-01T00:00:00.000001000"}'],
  ]);
  const seconds = await readParquet(bed.input, { x: { type: 'timestamp', on_loss: 'truncate' } });
  expect(seconds.rows).toEqual([['9999-12-31T23:59:59'], ['2024-01-01T00:00:00'], ['0001-01-01T00:00:00']]);
  expect((await readParquet(bed.input, { x: 'json' })).rows[1]).toEqual(['"2024-01-01T00:00:00.000000001"']);
});

it('INT96 of another writer (parquetjs-lite): its container is read, its values are what it put there', async () => {
  using bed = new ParquetBed();
  const { ParquetSchema, ParquetWriter } = createRequire(import.meta.url)('parquetjs-lite');
  const writer = await ParquetWriter.openFile(new ParquetSchema({ x: { type: 'INT96' } }), bed.input, {
    useDataPageV2: false,
  });
  for (const nanos of [0, 1000, 86_399_999_999_999]) await writer.appendRow({ x: nanos });
  await writer.close();
  // it knows no days: all are the first one, 4714 years before our era
  const { rows } = await readParquet(bed.input, { x: { type: 'timestamp(us)', on_loss: 'truncate' } });
  expect(rows).toEqual([
    ['-004713-11-24T00:00:00.000000'],
    ['-004713-11-24T00:00:00.000001'],
    ['-004713-11-24T23:59:59.999999'],
  ]);
});

/** The value of a binary16, by its definition. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

it('every FLOAT16 there is becomes the float that it is', async () => {
  using bed = new ParquetBed();
  const values = new Uint16Array(65_536).map((_value, index) => index);
  writeFileSync(
    bed.input,
    handMadeFile({ type: 7, length: 2, logical: 15, values: new Uint8Array(values.buffer), count: values.length }),
  );
  const spelled = (value: number): unknown =>
    Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value);
  const wanted = [...values].map((bits) => spelled(half(bits)));
  for (const type of ['real', 'double']) {
    const { rows, rejects } = await readParquet(bed.input, { x: type });
    expect(rejects).toEqual([]);
    expect(rows.map(([cell]) => cell)).toEqual(wanted);
  }
  const told = await duckdb(`SELECT x::FLOAT::DOUBLE FROM read_parquet('${bed.input}')`);
  expect(told.length).toBe(65_536);
  expect(told.filter(([cell], index) => typeof cell === 'number' && cell !== half(index))).toEqual([]);
});

it('INT96 values of any day and any nanosecond of it come back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), { minLength: 1, maxLength: 50 }),
      async (values) => {
        using bed = new ParquetBed();
        int96File(bed.input, values);
        const { rows } = await readParquet(bed.input, { x: 'timestamp(ns)' });
        const told = rows.map(([cell]) => {
          const [whole = '', fraction = ''] = String(cell).split('.');
          return BigInt(Date.parse(`${whole}Z`)) * 1_000_000n + BigInt(fraction);
        });
        expect(told).toEqual(values);
      },
    ),
    { numRuns: 20 },
  );
});
