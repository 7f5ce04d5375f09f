import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { clickhouseRows, clickhouseText, duckdbRows, parquetjsRows } from './judges.ts';
import { load } from './load.ts';
import { TYPE_COLUMNS, type TypeColumn } from './type-columns.ts';

/** Times the four rows and the null are repeated, so that dictionaries and runs have something to do. */
const REPEATS = 50;

const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;

function csvOf(columns: readonly TypeColumn[]): string {
  const rows = [0, 1, 2, 3].map((row) => columns.map(({ fields }) => quote(fields[row] as string)).join(','));
  const block = [...rows, columns.map(() => '').join(',') || ' '].join('\n');
  return `${columns.map(({ name }) => name).join(',')}\n${Array(REPEATS).fill(block).join('\n')}\n`;
}

function expectedOf(columns: readonly TypeColumn[], of: (column: TypeColumn) => readonly unknown[]): unknown[][] {
  const block = [0, 1, 2, 3].map((row) => columns.map((column) => of(column)[row]));
  return Array(REPEATS)
    .fill([...block, columns.map(() => null)])
    .flat() as unknown[][];
}

const shown = (column: TypeColumn): readonly string[] => column.duckdb ?? column.fields;
const LAYOUTS = [
  { compression: 'snappy', encodings: 'auto' },
  { compression: 'zstd', encodings: 'auto', row_group_rows: 60, page_bytes: 100 },
  { compression: 'gzip', encodings: 'compatible', page_bytes: 64 },
  { compression: 'none', encodings: 'compatible' },
];

const files: string[] = [];
afterAll(() => {
  for (const path of files) rmSync(dirname(path), { recursive: true, force: true });
});

describe.each(LAYOUTS)('every type, $compression, $encodings', (layout) => {
  const path = load(csvOf(TYPE_COLUMNS), TYPE_COLUMNS, layout);
  files.push(path);

  it('DuckDB reads the values', async () => {
    const columns = TYPE_COLUMNS.map(({ name, type }) =>
      type === 'binary' ? `decode("${name}")` : `"${name}"::VARCHAR`,
    );
    expect(await duckdbRows(`SELECT ${columns.join(', ')} FROM read_parquet('${path}')`)).toEqual(
      expectedOf(TYPE_COLUMNS, shown),
    );
  });

  it('ClickHouse reads the values', () => {
    const columns = TYPE_COLUMNS.map(({ name, type }) => clickhouseText(name, type));
    expect(clickhouseRows(`SELECT ${columns.join(', ')} FROM file('${path}', Parquet)`)).toEqual(
      expectedOf(TYPE_COLUMNS, (column) => column.clickhouse ?? shown(column)),
    );
  });

  it('DuckDB reads the statistics', async () => {
    const found = await duckdbRows(
      `SELECT path_in_schema, min(stats_min_value), max(stats_max_value), sum(stats_null_count)::INTEGER, sum(num_values)::INTEGER
       FROM parquet_metadata('${path}') GROUP BY ALL ORDER BY min(column_id)`,
    );
    const groups = await duckdbRows(`SELECT DISTINCT row_group_id FROM parquet_metadata('${path}')`);
    if (groups.length === 1) {
      expect(found).toEqual(
        TYPE_COLUMNS.map(({ name, statistics }) => [
          name,
          statistics?.[0] ?? null,
          statistics?.[1] ?? null,
          REPEATS,
          REPEATS * 5,
        ]),
      );
    }
    expect(found.map(([name, , , nulls, values]) => [name, nulls, values])).toEqual(
      TYPE_COLUMNS.map(({ name }) => [name, REPEATS, REPEATS * 5]),
    );
  });

  it('filters that use the statistics find the rows', async () => {
    const [count] = await duckdbRows(
      `SELECT count(*)::INTEGER FROM read_parquet('${path}')
       WHERE uint64 = 18446744073709551615 OR int8 = -128 OR decimal_38_10 < -1 OR string = 'ÿ'`,
    );
    expect(count).toEqual([REPEATS * 2]);
  });
});

describe('what parquetjs-lite can represent', () => {
  it('reads back through it', async () => {
    const columns = TYPE_COLUMNS.filter(({ parquetjs }) => parquetjs);
    const path = load(csvOf(columns), columns, { encodings: 'compatible' });
    files.push(path);
    const rows = await parquetjsRows(path);
    expect(rows.map((row) => columns.map(({ name }) => row[name] ?? null))).toEqual(
      expectedOf(columns, ({ parquetjs }) => parquetjs as readonly unknown[]),
    );
  });
});
