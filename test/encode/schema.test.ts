import { crc32 } from 'node:zlib';
import { parquetSchema } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { ALL_FIELDS, EDGES } from './all-types.ts';
import { type Cell, field } from './build-batch.ts';
import { queryDuckdb } from './read-duckdb.ts';
import { metadataOf } from './read-hyparquet.ts';
import { writeParquet } from './write-parquet.ts';

const columns = ALL_FIELDS.map((one): Cell[] => [EDGES[one.name]![0]!]);

test('every type as the format spells it', async () => {
  const bytes = await writeParquet({ fields: ALL_FIELDS }, columns);
  const elements = parquetSchema(metadataOf(bytes)).children.map(({ element }) => element);
  const described = elements.map((one) =>
    [
      one.name,
      one.type,
      one.type_length ?? '',
      one.converted_type ?? '',
      one.logical_type === undefined ? '' : Object.values(one.logical_type).join(' '),
    ].join('|'),
  );
  expect(described).toMatchInlineSnapshot(`
    [
      "int64|INT64|||",
      "int32|INT32||INT_32|INTEGER 32 true",
      "int16|INT32||INT_16|INTEGER 16 true",
      "int8|INT32||INT_8|INTEGER 8 true",
      "uint64|INT64||UINT_64|INTEGER 64 false",
      "uint32|INT32||UINT_32|INTEGER 32 false",
      "uint16|INT32||UINT_16|INTEGER 16 false",
      "uint8|INT32||UINT_8|INTEGER 8 false",
      "double|DOUBLE|||",
      "real|FLOAT|||",
      "decimal(9,2)|INT32||DECIMAL|DECIMAL 2 9",
      "decimal(18,0)|INT64||DECIMAL|DECIMAL 0 18",
      "decimal(19,4)|FIXED_LEN_BYTE_ARRAY|9|DECIMAL|DECIMAL 4 19",
      "decimal(38,10)|FIXED_LEN_BYTE_ARRAY|16|DECIMAL|DECIMAL 10 38",
      "boolean|BOOLEAN|||",
      "string|BYTE_ARRAY||UTF8|STRING",
      "json|BYTE_ARRAY||JSON|JSON",
      "binary|BYTE_ARRAY|||",
      "uuid|FIXED_LEN_BYTE_ARRAY|16||UUID",
      "date|INT32||DATE|DATE",
      "time(s)|INT32||TIME_MILLIS|TIME false MILLIS",
      "time(ms)|INT32||TIME_MILLIS|TIME false MILLIS",
      "time(us)|INT64||TIME_MICROS|TIME false MICROS",
      "time(ns)|INT64|||TIME false NANOS",
      "timestamp|INT64||TIMESTAMP_MILLIS|TIMESTAMP false MILLIS",
      "timestamp(ms)|INT64||TIMESTAMP_MILLIS|TIMESTAMP false MILLIS",
      "timestamp(us)|INT64||TIMESTAMP_MICROS|TIMESTAMP false MICROS",
      "timestamp(ns)|INT64|||TIMESTAMP false NANOS",
      "timestamptz(s)|INT64||TIMESTAMP_MILLIS|TIMESTAMP true MILLIS",
      "timestamptz(ms)|INT64||TIMESTAMP_MILLIS|TIMESTAMP true MILLIS",
      "timestamptz|INT64||TIMESTAMP_MICROS|TIMESTAMP true MICROS",
      "timestamptz(ns)|INT64|||TIMESTAMP true NANOS",
    ]
  `);
  expect(elements.every((one) => one.repetition_type === 'OPTIONAL')).toBe(true);
});

test('DuckDB sees the types', async () => {
  const bytes = await writeParquet({ fields: ALL_FIELDS }, columns);
  const rows = await queryDuckdb(bytes, 'select column_name, column_type from (describe select * from $file)');
  expect(Object.fromEntries(rows as [string, string][])).toMatchInlineSnapshot(`
    {
      "binary": "BLOB",
      "boolean": "BOOLEAN",
      "date": "DATE",
      "decimal(18,0)": "DECIMAL(18,0)",
      "decimal(19,4)": "DECIMAL(19,4)",
      "decimal(38,10)": "DECIMAL(38,10)",
      "decimal(9,2)": "DECIMAL(9,2)",
      "double": "DOUBLE",
      "int16": "SMALLINT",
      "int32": "INTEGER",
      "int64": "BIGINT",
      "int8": "TINYINT",
      "json": "JSON",
      "real": "FLOAT",
      "string": "VARCHAR",
      "time(ms)": "TIME",
      "time(ns)": "TIME_NS",
      "time(s)": "TIME",
      "time(us)": "TIME",
      "timestamp": "TIMESTAMP",
      "timestamp(ms)": "TIMESTAMP",
      "timestamp(ns)": "TIMESTAMP_NS",
      "timestamp(us)": "TIMESTAMP",
      "timestamptz": "TIMESTAMP WITH TIME ZONE",
      "timestamptz(ms)": "TIMESTAMP WITH TIME ZONE",
      "timestamptz(ns)": "TIMESTAMP WITH TIME ZONE",
      "timestamptz(s)": "TIMESTAMP WITH TIME ZONE",
      "uint16": "USMALLINT",
      "uint32": "UINTEGER",
      "uint64": "UBIGINT",
      "uint8": "UTINYINT",
      "uuid": "UUID",
    }
  `);
});

test('a column that takes no nulls is REQUIRED and has no levels', async () => {
  const bytes = await writeParquet({ fields: [field('a', 'int64!')] }, [[1n]]);
  expect(parquetSchema(metadataOf(bytes)).children[0]!.element.repetition_type).toBe('REQUIRED');
  expect(metadataOf(bytes).row_groups[0]!.columns[0]!.meta_data!.encodings).not.toContain('RLE');
});

describe('the footer', () => {
  const schema = { fields: [{ ...field('a', 'int64'), sensitive: true }, field('b', 'string')] };
  const cells: Cell[][] = [
    [1n, 2n, null],
    ['x', 'y', 'x'],
  ];

  test('says who wrote what by which plan, and nothing of run, host or time', async () => {
    const metadata = metadataOf(await writeParquet(schema, cells));
    const entries = Object.fromEntries(metadata.key_value_metadata!.map(({ key, value }) => [key, value]));
    expect(Object.keys(entries)).toEqual([
      'atlas.group',
      'atlas.dataset',
      'atlas.plan',
      'atlas.writer',
      'atlas.sensitive',
      'ARROW:schema',
    ]);
    expect(entries).toMatchObject({
      'atlas.group': 'group',
      'atlas.dataset': 'set',
      'atlas.plan': 'f'.repeat(64),
      'atlas.sensitive': '["a"]',
    });
    expect(metadata.created_by).toBe(`atlas-ingest version ${entries['atlas.writer']}`);
  });

  test.each(['snappy', 'gzip', 'zstd', 'none'] as const)('adds up: %s', async (compression) => {
    const rows = 5000;
    const many: Cell[][] = [
      Array.from({ length: rows }, (_, i) => BigInt(i)),
      Array.from({ length: rows }, (_, i) => `w${i % 9}`),
    ];
    const bytes = await writeParquet(schema, many, { compression, groupRows: 2000, pageBytes: 3000 });
    const metadata = metadataOf(bytes);
    expect(Number(metadata.num_rows)).toBe(rows);
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([2000, 2000, 1000]);
    let at = 4;
    for (const group of metadata.row_groups) {
      let [stored, plain] = [0, 0];
      expect(Number(group.file_offset)).toBe(at);
      for (const { meta_data: chunk } of group.columns) {
        expect(Number(chunk!.dictionary_page_offset ?? chunk!.data_page_offset)).toBe(at);
        at += Number(chunk!.total_compressed_size);
        stored += Number(chunk!.total_compressed_size);
        plain += Number(chunk!.total_uncompressed_size);
        expect(Number(chunk!.num_values)).toBe(Number(group.num_rows));
        expect(chunk!.codec).toBe(compression === 'none' ? 'UNCOMPRESSED' : compression.toUpperCase());
        if (compression === 'none') expect(chunk!.total_compressed_size).toBe(chunk!.total_uncompressed_size);
        const stats = chunk!.encoding_stats!;
        expect(new Set(chunk!.encodings)).toEqual(new Set([...stats.map((one) => one.encoding), 'RLE']));
        expect(stats.filter((one) => one.page_type === 'DICTIONARY_PAGE').length).toBe(
          chunk!.dictionary_page_offset ? 1 : 0,
        );
      }
      expect(Number(group.total_byte_size)).toBe(plain);
      expect(Number(group.total_compressed_size)).toBe(stored);
    }
  });

  test('every page carries the checksum of its bytes', async () => {
    const bytes = await writeParquet({ fields: [field('a', 'double!')] }, [[0.5, 1.5, 2.5]], { compression: 'none' });
    // the one page: its header, then 24 bytes of values, then the column index
    const chunk = metadataOf(bytes).row_groups[0]!.columns[0]!.meta_data!;
    const end = Number(chunk.data_page_offset) + Number(chunk.total_compressed_size);
    const body = bytes.subarray(end - 24, end);
    const header = bytes.subarray(Number(chunk.data_page_offset), end - 24);
    const signed = crc32(body) | 0;
    const zigzag = BigInt.asUintN(32, (BigInt(signed) << 1n) ^ (BigInt(signed) >> 31n));
    const varint: number[] = [];
    for (let rest = zigzag; ; rest >>= 7n) {
      varint.push(Number(rest & 0x7fn) | (rest >= 0x80n ? 0x80 : 0));
      if (rest < 0x80n) break;
    }
    expect(header.includes(Buffer.from([0x15, ...varint]))).toBe(true);
  });
});
