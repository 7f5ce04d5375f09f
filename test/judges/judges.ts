import { createRequire } from 'node:module';
import { DuckDBInstance } from '@duckdb/node-api';
import { query } from 'chdb';

/** Rows of a query in DuckDB, numbers of 64 bits as text. */
export async function duckdbRows(sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

/** ClickHouse's text of a column; decimals with all digits of their scale. */
export function clickhouseText(name: string, type: string): string {
  const scale = /^decimal\(\s*\d+\s*,\s*(\d+)/.exec(type)?.[1];
  return scale === undefined ? `toString("${name}")` : `toDecimalString("${name}", ${scale})`;
}

/** Rows of a query in ClickHouse's engine, in the file's order. */
export function clickhouseRows(sql: string): readonly (readonly unknown[])[] {
  const settings =
    'output_format_json_quote_64bit_integers = 1, max_threads = 1, input_format_parquet_preserve_order = 1';
  const text = query(`${sql} SETTINGS ${settings}`, 'JSONCompactEachRow');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown[]);
}

interface ParquetReader {
  getCursor(): { next(): Promise<Record<string, unknown> | null> };
  close(): Promise<void>;
}

/** Rows as parquetjs-lite reads them; absent columns of a row are nulls. */
export async function parquetjsRows(path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { ParquetReader } = createRequire(import.meta.url)('parquetjs-lite') as {
    ParquetReader: { openFile(path: string): Promise<ParquetReader> };
  };
  const reader = await ParquetReader.openFile(path);
  const cursor = reader.getCursor();
  const rows: Record<string, unknown>[] = [];
  for (let row = await cursor.next(); row; row = await cursor.next()) rows.push(row);
  await reader.close();
  return rows;
}
