import { expect, it } from 'vitest';
import { duckdb, ParquetBed, readParquet } from './parquet-bed.ts';

const COLUMNS = {
  list: 'CASE WHEN i % 7 = 0 THEN NULL WHEN i % 7 = 1 THEN [] ELSE [i, NULL, i * 1000000007] END',
  lists: "CASE WHEN i % 5 = 0 THEN [] ELSE [['a' || i, NULL], [], NULL, ['\"é\"']] END",
  pair: "CASE WHEN i % 3 = 0 THEN NULL ELSE {'a': i, 'b': 'text ' || i, 'c': CASE WHEN i % 2 = 0 THEN {'d': [i]} END} END",
  pairs: "[{'x': i, 'tags': ['t' || i]}, NULL, {'x': NULL, 'tags': []}]",
  map: "MAP {'k' || i: i, 'other': NULL}",
  numbers: 'MAP {i: [i, i + 1]}',
  deep: "[[[{'n': [i]}]]]",
} as const;

it('lists, structs and maps, in each other, become the JSON text that DuckDB makes of them', async () => {
  using bed = new ParquetBed();
  const columns = Object.entries(COLUMNS).map(([name, sql]) => `${sql} AS ${name}`);
  await duckdb(`COPY (SELECT i, ${columns.join(', ')} FROM range(5000) r(i)) TO '${bed.input}' (FORMAT parquet)`);
  const names = Object.keys(COLUMNS);
  const receipt = await bed.load({ i: 'bigint', ...Object.fromEntries(names.map((name) => [name, 'json'])) });
  expect(receipt.error).toBeNull();
  const told = await duckdb(`SELECT ${names.join(', ')} FROM read_parquet('${bed.output}') ORDER BY i`);
  const json = names.map((name) => (name === 'numbers' ? 'map_entries(numbers)' : name));
  const wanted = await duckdb(
    `SELECT ${json.map((name) => `to_json(${name})`).join(', ')} FROM read_parquet('${bed.input}') ORDER BY i`,
  );
  expect(told.length).toBe(5000);
  expect(told.map(parsed)).toEqual(wanted.map(parsed));
});

function parsed(row: readonly unknown[]): unknown[] {
  return row.map((cell) => (cell === null ? null : JSON.parse(String(cell))));
}

it('numbers in JSON text keep all their digits, and dates are written in ISO 8601', async () => {
  using bed = new ParquetBed();
  await duckdb(
    `COPY (SELECT [9007199254740993, -9223372036854775808] AS a, [1.10::DECIMAL(38,2)] AS b, [DATE '2024-02-29'] AS c, [TIMESTAMP '2024-02-29 01:02:03.000004'] AS d, ['\\xFF'::BLOB] AS e, 18446744073709551615::UBIGINT AS f, [0.1::DOUBLE, '-0'::DOUBLE] AS g, [TIMESTAMPTZ '2024-02-29 01:02:03Z'] AS h, ['00000000-0000-0000-0000-00000000000a'::UUID] AS k) TO '${bed.input}' (FORMAT parquet)`,
  );
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'k'];
  const { rows, rejects } = await readParquet(bed.input, Object.fromEntries(names.map((name) => [name, 'json'])));
  expect(rejects).toEqual([]);
  expect(rows).toEqual([
    [
      '[9007199254740993,-9223372036854775808]',
      '[1.10]',
      '["2024-02-29"]',
      '["2024-02-29T01:02:03.000004"]',
      '["/w=="]',
      '18446744073709551615',
      '[0.1,-0.0]',
      '["2024-02-29T01:02:03.000000Z"]',
      '["00000000-0000-0000-0000-00000000000a"]',
    ],
  ]);
});

it('what JSON cannot hold is a reject, and the rows around it are not', async () => {
  using bed = new ParquetBed();
  await duckdb(
    `COPY (SELECT i, CASE WHEN i % 3 = 1 THEN [1.5, 'nan'::DOUBLE, 2] ELSE [i, i] END AS list FROM range(6) r(i)) TO '${bed.input}' (FORMAT parquet)`,
  );
  const { rows, rejects } = await readParquet(bed.input, { i: 'bigint', list: 'json' });
  expect(rows).toEqual([0, 2, 3, 5].map((i) => [i, `[${i},${i}]`]));
  expect(rejects.map(({ line, column, code }) => [line, column, code])).toEqual([
    [1, 'list', 'ATLAS_CAST_SYNTAX'],
    [4, 'list', 'ATLAS_CAST_SYNTAX'],
  ]);
});

it('a nested column is refused by its name, unless its feature is json', async () => {
  using bed = new ParquetBed();
  await duckdb(`COPY (SELECT [1] AS l, {'a': 1, 'b': 2} AS s, MAP {'k': 1} AS m) TO '${bed.input}' (FORMAT parquet)`);
  for (const [name, what] of [
    ['l', 'a list'],
    ['s', 'a struct of a, b'],
    ['m', 'a map'],
  ] as const) {
    const receipt = await bed.load({ [name]: 'string' });
    expect(receipt.error).toMatchObject({
      code: 'ATLAS_PARQUET_NESTED',
      message: expect.stringContaining(`column "${name}" is ${what}`),
      hint: 'Declare it as json, or leave it out.',
    });
  }
});
