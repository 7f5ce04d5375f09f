import { queryAsync } from 'chdb';
import { withFile } from './read-duckdb.ts';

/** Rows of a ClickHouse query as objects, where `$file` stands for the bytes as a Parquet file; every value is text. Rows come in the file's order. */
export function queryClickhouse(bytes: Uint8Array, sql: string): Promise<Record<string, string | null>[]> {
  return withFile(bytes, async (path) => {
    const statement = sql.replaceAll('$file', `file('${path}', Parquet)`);
    const result = await queryAsync(
      `${statement} SETTINGS session_timezone = 'UTC', input_format_parquet_enable_json_parsing = 0,
         max_threads = 1, input_format_parquet_preserve_order = 1`,
      { format: 'JSONStringsEachRow' },
    );
    return result
      .text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line, (_, value: unknown) => (value === 'ᴺᵁᴸᴸ' ? null : value)));
  });
}
