import { expect, it } from 'vitest';
import { clickhouseRows } from '../../judges/judges.ts';
import { cellsOf, duckdb, ParquetBed } from './parquet-bed.ts';

/** One column of each type that DuckDB writes, nulls and edges among its values, and the feature that holds it exactly. */
const COLUMNS: Readonly<Record<string, readonly [sql: string, type: string]>> = {
  i8: ['(i % 256 - 128)::TINYINT', 'int8'],
  i16: ['(i % 65536 - 32768)::SMALLINT', 'int16'],
  i32: ['CASE i WHEN 1 THEN 2147483647 WHEN 2 THEN -2147483648 ELSE (i * 7919 - 4000000)::INT END', 'int32'],
  i64: [
    'CASE i WHEN 1 THEN 9223372036854775807 WHEN 2 THEN -9223372036854775808 WHEN 3 THEN 9007199254740993 ELSE i * 1000000007 END::BIGINT',
    'bigint',
  ],
  u8: ['(i % 256)::UTINYINT', 'uint8'],
  u16: ['(i % 65536)::USMALLINT', 'uint16'],
  u32: ['(CASE i WHEN 1 THEN 4294967295 ELSE i END)::UINTEGER', 'uint32'],
  u64: ['(CASE i WHEN 1 THEN 18446744073709551615 WHEN 2 THEN 9223372036854775808 ELSE i END)::UBIGINT', 'uint64'],
  f32: ["(CASE i WHEN 1 THEN 'nan' WHEN 2 THEN '-inf' WHEN 3 THEN '-0' ELSE (i / 7.0)::VARCHAR END)::FLOAT", 'real'],
  f64: ["(CASE i WHEN 1 THEN 'nan' WHEN 2 THEN 'inf' WHEN 3 THEN '-0' ELSE (i / 7.0)::VARCHAR END)::DOUBLE", 'double'],
  d4: ['(i % 1000 - 500)::DECIMAL(4,1)', 'decimal(4,1)'],
  d9: ['(i * 1.25 - 3)::DECIMAL(9,2)', 'decimal(9,2)'],
  d18: ['(i * 12345.678 - 99)::DECIMAL(18,3)', 'decimal(18,3)'],
  d38: [
    "(CASE i WHEN 1 THEN '9999999999999999999999999999.9999999999' WHEN 2 THEN '-9999999999999999999999999999.9999999999' ELSE (i * -3.5)::VARCHAR END)::DECIMAL(38,10)",
    'decimal(38,10)',
  ],
  flag: ['i % 3 = 0', 'boolean'],
  runs: ['(i // 500) % 2 = 0', 'boolean'],
  few: ["['red', 'grün', '', '😀 blue'][1 + i % 4]", 'string'],
  many: ["'text number ' || i || repeat('x', (i % 90)::INT)", 'string'],
  front: ["printf('/a/long/shared/beginning/%06d', i)", 'string'],
  raw: ['unhex(md5(i::VARCHAR))', 'binary'],
  id: ['md5(i::VARCHAR)::UUID', 'uuid'],
  doc: ["('{\"n\":' || i || '}')::JSON", 'json'],
  day: ["DATE '1969-06-01' + (i % 40000)::INT", 'date'],
  clock: ["TIME '00:00:00' + to_microseconds((i * 86399999)::BIGINT % 86400000000)", 'time(us)'],
  at_ms: ["(TIMESTAMP '1960-01-01' + to_milliseconds(i * 7919))::TIMESTAMP_MS", 'timestamp(ms)'],
  at_us: ["TIMESTAMP '1960-01-01' + to_microseconds(i * 7919)", 'timestamp(us)'],
  at_ns: ['make_timestamp_ns(i * 7919 - 5)', 'timestamp(ns)'],
  instant: ["(TIMESTAMP '1960-01-01' + to_microseconds(i * 7919))::TIMESTAMPTZ", 'timestamptz(us)'],
};
const FEATURES = Object.fromEntries(Object.entries(COLUMNS).map(([name, [, type]]) => [name, type]));
const ROWS = 3000;

function table(nulls: boolean): string {
  const columns = Object.entries(COLUMNS).map(([name, [sql]], index) => {
    const value = nulls ? `CASE WHEN (i + ${index}) % ${3 + (index % 5)} = 0 THEN NULL ELSE ${sql} END` : sql;
    return `${value} AS ${name}`;
  });
  return `SELECT ${columns.join(', ')} FROM range(${ROWS}) r(i)`;
}

const CODECS = ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'];
const cases = [
  ...CODECS.map((codec) => ['V1', codec, 1024, true] as const),
  ...CODECS.map((codec) => ['V2', codec, 1024, true] as const),
  ['V1', 'snappy', 100_000, false] as const,
  ['V2', 'zstd', 100_000, false] as const,
];

it.each(cases)(
  'DuckDB, version %s, %s, row groups of %s rows, nulls %s: every cell is what it was',
  async (version, codec, group, nulls) => {
    using bed = new ParquetBed();
    const options = `FORMAT parquet, CODEC '${codec}', PARQUET_VERSION ${version}, ROW_GROUP_SIZE ${group}`;
    await duckdb(`COPY (${table(nulls)}) TO '${bed.input}' (${options})`);
    const receipt = await bed.load(FEATURES);
    expect(receipt.error).toBeNull();
    expect(receipt.rows).toMatchObject({ read: ROWS, published: ROWS, rejected: 0 });
    expect(await cellsOf(bed.output)).toEqual(await cellsOf(bed.input));
  },
);

it('DuckDB uses the encodings that this is about', async () => {
  using bed = new ParquetBed();
  const seen = new Set<unknown>();
  for (const version of ['V1', 'V2']) {
    await duckdb(
      `COPY (${table(true)}) TO '${bed.input}' (FORMAT parquet, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 1024)`,
    );
    for (const [encodings] of await duckdb(`SELECT DISTINCT encodings FROM parquet_metadata('${bed.input}')`)) {
      for (const encoding of String(encodings).split(', ')) seen.add(encoding);
    }
  }
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'PLAIN',
      'RLE_DICTIONARY',
      'DELTA_BINARY_PACKED',
      'DELTA_LENGTH_BYTE_ARRAY',
      'BYTE_STREAM_SPLIT',
    ]),
  );
});

it('our own files: every cell is what it was', async () => {
  using bed = new ParquetBed();
  using again = new ParquetBed();
  await duckdb(`COPY (${table(true)}) TO '${bed.input}' (FORMAT parquet)`);
  await bed.load(FEATURES);
  await again.load(FEATURES, { source: { path: bed.output } });
  expect(await cellsOf(again.output)).toEqual(await cellsOf(bed.output));
});

it.each(['none', 'snappy', 'gzip', 'zstd', 'lz4', 'brotli'])(
  'ClickHouse, %s: every cell is what it was',
  async (codec) => {
    using bed = new ParquetBed();
    const columns: Readonly<Record<string, readonly [string, string]>> = {
      n: ['if(number % 7 = 0, NULL, toInt64(number) * 1000000007)', 'bigint'],
      u: ['toUInt32(number * 429496)', 'uint32'],
      f: ['number / 7', 'double'],
      d: ["toDecimal128(concat(toString(number), '.25'), 4)", 'decimal(38,4)'],
      s: ["if(number % 5 = 0, NULL, concat('text ', toString(number % 50)))", 'string'],
      day: ["toDate32('1960-01-01') + number", 'date'],
      at: ["toDateTime64(number / 8, 6, 'UTC')", 'timestamptz(us)'],
    };
    const list = Object.entries(columns).map(([name, [sql]]) => `${sql} AS ${name}`);
    clickhouseRows(
      `INSERT INTO FUNCTION file('${bed.input}', 'Parquet') SELECT ${list.join(', ')} FROM numbers(5000) SETTINGS output_format_parquet_compression_method = '${codec}', output_format_parquet_row_group_size = 1000, engine_file_truncate_on_insert = 1, output_format_parquet_string_as_string = 1 --`,
    );
    const features = Object.fromEntries(Object.entries(columns).map(([name, [, type]]) => [name, type]));
    const receipt = await bed.load(features);
    expect(receipt.error).toBeNull();
    expect(await cellsOf(bed.output)).toEqual(await cellsOf(bed.input));
  },
);
