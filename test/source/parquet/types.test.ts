import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cellsOf, duckdb, ParquetBed, readParquet } from './parquet-bed.ts';

/** Rows and rejects of one column `x` with these values, read as a feature. */
async function taken(sql: string, feature: string | object, keys: object = {}) {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT unnest(${sql}) AS x) TO '${bed.input}' (FORMAT parquet)`);
  const { rows, rejects } = await readParquet(bed.input, { x: feature }, keys);
  return { rows: rows.map(([cell]) => cell), rejects: rejects.map(({ line, code, raw }) => [line, code, raw]) };
}

async function refusal(sql: string, feature: string | object) {
  const failed = await taken(sql, feature).catch((error: unknown) => error);
  return failed as { code: string; message: string; hint: string };
}

const RANGE = 'ATLAS_CAST_RANGE';

it.each([
  ['[1, -1, 2147483648, -2147483649]::BIGINT[]', 'int32', [1, -1], [2, 3]],
  ['[0, 255, 256, -1]::INT[]', 'uint8', [0, 255], [2, 3]],
  ['[127, 128, -128, -129]::BIGINT[]', 'int8', [127, -128], [1, 3]],
  ['[9223372036854775807, 9223372036854775808]::UBIGINT[]', 'bigint', ['9223372036854775807'], [1]],
  ['[0, -1]::BIGINT[]', 'uint64', [0], [1]],
  ['[4294967295, 1]::UINTEGER[]', 'int32', [1], [0]],
  ['[4294967295, 1]::UINTEGER[]', 'bigint', [4294967295, 1], []],
  ['[-1, 1]::TINYINT[]', 'int64', [-1, 1], []],
  ['[99.99, -100.00]::DECIMAL(9,2)[]', 'decimal(4,2)', ['99.99'], [1]],
  ['[99.99, -100.00]::DECIMAL(18,2)[]', 'decimal(20,4)', ['99.9900', '-100.0000'], []],
  ['[5, 1000]::BIGINT[]', 'decimal(5,2)', ['5.00'], [1]],
  ['[5, 300]::DECIMAL(20,0)[]', 'uint8', [5], [1]],
] as const)('%s as %s: what does not fit is a reject', async (sql, type, rows, lines) => {
  const found = await taken(sql, type);
  expect(found.rows).toEqual(rows);
  expect(found.rejects.map(([line, code]) => [line, code])).toEqual(lines.map((line) => [line, RANGE]));
});

it.each([
  ['[1.5]::DECIMAL(9,2)[]', 'int32', 'Declare decimal(9,2), or set on_loss.'],
  ['[1.5]::DECIMAL(9,2)[]', 'decimal(9,1)', 'Declare decimal(9,2), or set on_loss.'],
  ['[1.5]::DOUBLE[]', 'real', 'Declare double, or set on_loss.'],
  ["[TIMESTAMP '2024-01-01']", 'timestamp', 'Declare timestamp(us), or set on_loss.'],
  ["[TIMESTAMPTZ '2024-01-01 00:00:00Z']", 'timestamptz(ms)', 'Declare timestamptz(us), or set on_loss.'],
  ["[TIME '01:02:03']", 'time(s)', 'Declare time(us), or set on_loss.'],
] as const)('%s as %s: a finer column is refused before anything is read', async (sql, type, hint) => {
  expect(await refusal(sql, type)).toMatchObject({ code: 'ATLAS_PLAN_LOSSY', hint });
});

it.each([
  ["['text']", 'int32', 'Declare string.'],
  ["[DATE '2024-01-01']", 'timestamp(us)', 'Declare date.'],
  ['[true]', 'int8', 'Declare boolean.'],
  ['[1.5]::DOUBLE[]', 'bigint', 'Declare double.'],
  ['[1]', 'string', 'Declare int32.'],
  ["[TIMESTAMPTZ '2024-01-01 00:00:00Z']", 'timestamp(us)', 'Declare timestamptz(us).'],
] as const)('%s as %s: refused, with the type that would do', async (sql, type, hint) => {
  expect(await refusal(sql, type)).toMatchObject({ code: 'ATLAS_PARQUET_TYPE', hint });
});

it('on_loss says what becomes of what does not fit: as for CSV', async () => {
  const decimals = '[1.25, -1.25, 1.20, 99.99]::DECIMAL(9,2)[]';
  const as = (on_loss: string, type = 'decimal(3,1)') => taken(decimals, { type, on_loss });
  expect((await as('truncate')).rows).toEqual(['1.2', '-1.2', '1.2', '99.9']);
  expect(await as('round')).toEqual({
    rows: ['1.3', '-1.3', '1.2'],
    rejects: [[3, RANGE, '{"x":99.99}']],
  });
  expect((await as('null')).rows).toEqual([null, null, '1.2', null]);
  expect((await as('truncate', 'int8')).rows).toEqual([1, -1, 1, 99]);
  const times = "[TIMESTAMP '1969-12-31 23:59:59.999999', TIMESTAMP '2024-01-01 00:00:00.5']";
  expect((await taken(times, { type: 'timestamp', on_loss: 'truncate' })).rows).toEqual([
    '1969-12-31T23:59:59',
    '2024-01-01T00:00:00',
  ]);
  expect((await taken(times, { type: 'timestamp', on_loss: 'round' })).rows).toEqual([
    '1970-01-01T00:00:00',
    '2024-01-01T00:00:01',
  ]);
  const days = "[TIME '23:59:59.6', TIME '01:00:00']";
  expect((await taken(days, { type: 'time(s)', on_loss: 'round' })).rejects.map(([line]) => line)).toEqual([0]);
  expect((await taken('[1.5, 0.1]::DOUBLE[]', { type: 'real', on_loss: 'null' })).rows).toEqual([1.5, null]);
  expect((await taken('[1, 300]', { type: 'int8', on_loss: 'null' })).rows).toEqual([1, null]);
});

it('finer features, wider floats and other units take everything', async () => {
  expect((await taken("[1.5::FLOAT, '-0'::FLOAT]", 'double')).rows).toEqual([1.5, '-0']);
  expect((await taken('[16777216, -3]::INT[]', 'real')).rows).toEqual([16777216, -3]);
  const large = await taken('[9007199254740993, 9007199254740992]::BIGINT[]', 'double');
  expect(large).toMatchObject({
    rows: [9007199254740992],
    rejects: [[0, 'ATLAS_CAST_LOSS', '{"x":9007199254740993}']],
  });
  const ms = "['1960-01-01 00:00:00.001']::TIMESTAMP_MS[]";
  expect((await taken(ms, 'timestamp(ns)')).rows).toEqual(['1960-01-01T00:00:00.001000000']);
  expect((await taken("[TIME '23:59:59.999999']", 'time(ns)')).rows).toEqual(['23:59:59.999999000']);
});

it('a timestamp without a zone is read in the declared one', async () => {
  const sql = "[TIMESTAMP '2024-07-01 12:00:00', TIMESTAMP '2024-03-31 02:30:00', TIMESTAMP '2024-10-27 02:30:00']";
  expect((await taken(sql, 'timestamptz(us)')).rows[0]).toBe('2024-07-01T12:00:00.000000Z');
  expect(await taken(sql, 'timestamptz(us)', { timezone: 'Europe/Berlin' })).toEqual({
    rows: ['2024-07-01T10:00:00.000000Z'],
    rejects: [
      [1, 'ATLAS_CAST_ZONE', '{"x":"2024-03-31T02:30:00.000000"}'],
      [2, 'ATLAS_CAST_ZONE', '{"x":"2024-10-27T02:30:00.000000"}'],
    ],
  });
});

it('texts must be UTF-8, binary takes any bytes, JSON text must be JSON', async () => {
  const sql = "['caf\\xC3\\xA9', '\\xC3', '\\xA9x', '']::BLOB[]";
  expect(await taken(sql, 'string')).toEqual({
    rows: ['café', ''],
    rejects: [
      [1, 'ATLAS_PARQUET_UTF8', '{"x":"ww=="}'],
      [2, 'ATLAS_PARQUET_UTF8', '{"x":"qXg="}'],
    ],
  });
  expect((await taken(sql, 'binary')).rows).toEqual(['636166c3a9', 'c3', 'a978', '']);
  expect(await taken(`['{"a": 1}', '{a}', NULL]`, 'json')).toEqual({
    rows: ['{"a": 1}', null],
    rejects: [[1, 'ATLAS_CAST_SYNTAX', '{"x":"{a}"}']],
  });
});

it('a null where none may be, and a row that is too long, are rejects', async () => {
  const found = await taken(
    "['a', NULL, repeat('x', 200)]",
    { type: 'string', nullable: false },
    { max_row_bytes: 100 },
  );
  expect(found.rows).toEqual(['a']);
  expect(found.rejects.map(([line, code]) => [line, code])).toEqual([
    [1, 'ATLAS_PARQUET_NULL'],
    [2, 'ATLAS_PARQUET_ROW_TOO_LONG'],
  ]);
});

it('columns that are missing are said, with the nearest; with on_drift ignore they are null', async () => {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT 1 AS "Customer Id", 2 AS b) TO '${bed.input}' (FORMAT parquet)`);
  const receipt = await bed.load({ customer_id: 'int32', b: 'int32' });
  expect(receipt.error).toMatchObject({
    code: 'ATLAS_PARQUET_COLUMN',
    message: expect.stringContaining('the nearest is "Customer Id"'),
  });
  const lenient = await bed.load(
    { id: { type: 'int32', from: 'Customer Id' }, b: 'int32', zip: 'string' },
    { rest: { on_drift: 'ignore' } },
  );
  expect(lenient.error?.code).toBe('ATLAS_PARQUET_COLUMN');
  await bed.load({ id: { type: 'int32', from: 'Customer Id' }, b: 'int32' });
  await duckdb(`COPY (SELECT 1 AS "Customer Id") TO '${bed.input}' (FORMAT parquet)`);
  const drifted = await bed.load(
    { id: { type: 'int32', from: 'Customer Id' }, b: 'int32' },
    { rest: { on_drift: 'ignore' } },
  );
  expect(drifted.error).toBeNull();
  expect((await cellsOf(bed.output)).slice(1)).toEqual([['1', null]]);
});

it('constants, the number of the row, and its file', async () => {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT i FROM range(3) r(i)) TO '${bed.input}' (FORMAT parquet)`);
  const { rows } = await readParquet(bed.input, {
    i: 'bigint',
    text: { type: 'string', value: 'é' },
    money: { type: 'decimal(9,2)', value: '-1.5' },
    day: { type: 'date', value: '2024-02-29' },
    at: { type: 'timestamptz(us)', value: '2024-02-29T12:00:00.5+01:00' },
    yes: { type: 'boolean', value: 'true' },
    row: { type: 'int16', value: '@line' },
    file: { type: 'string', value: '@file' },
    loaded: { type: 'timestamptz(ms)', value: '@loaded_at' },
  });
  const rest = ['é', '-1.50', '2024-02-29', '2024-02-29T11:00:00.500000Z', true];
  expect(rows).toEqual([0, 1, 2].map((i) => [i, ...rest, i + 1, 'in.parquet', '2023-11-14T22:13:20.000Z']));
});

it('rejects go to a file, each with its row as JSON and its number from 1, and cannot be replayed', async () => {
  using bed = new ParquetBed();
  await duckdb(
    `COPY (SELECT i, CASE WHEN i = 4999 THEN NULL ELSE 'text ' || i END AS t, (i * 3)::DECIMAL(9,2) AS d FROM range(5000) r(i)) TO '${bed.input}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
  const rest = { on_error: 'reject', max_rejects: 10 };
  const features = { i: 'bigint', t: { type: 'string', nullable: false }, d: 'decimal(9,2)' };
  const receipt = await bed.load(features, { rest });
  expect(receipt.error).toBeNull();
  expect(receipt.rows).toMatchObject({ read: 5000, published: 4999, rejected: 1 });
  const [line] = readFileSync(String(receipt.rejects.path), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(String(line))).toMatchObject({
    file: 'in.parquet',
    line: 5000,
    column: 't',
    code: 'ATLAS_PARQUET_NULL',
    raw: '{"i":4999,"t":null,"d":14997.00}',
  });
  expect(receipt.spans).not.toBeNull();
  const warning = bed.project.events.find(({ type }) => type === 'warning');
  expect(JSON.stringify(warning)).not.toContain('replay');
});

it('a file without rows is empty', async () => {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT 1::INT AS a WHERE false) TO '${bed.input}' (FORMAT parquet)`);
  expect((await bed.load({ a: 'int32' })).error?.code).toBe('ATLAS_INPUT_EMPTY');
  const published = await bed.load({ a: 'int32' }, { rest: { on_empty: 'publish' } });
  expect(published.error).toBeNull();
  expect(await cellsOf(bed.output)).toEqual([['a INTEGER']]);
});
