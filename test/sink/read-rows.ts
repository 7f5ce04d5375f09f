import { DuckDBInstance } from '@duckdb/node-api';

/** Rows of a Parquet file or glob as DuckDB reads them, every value as text; `hive` adds the columns of folder names. */
export async function readRows(path: string, hive = false): Promise<readonly (readonly (string | null)[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const from = `read_parquet('${path.replaceAll("'", "''")}', hive_partitioning = ${hive}, hive_types_autocast = false)`;
    const reader = await connection.runAndReadAll(`SELECT COLUMNS(*)::VARCHAR FROM ${from} ORDER BY ALL`);
    return reader.getRowsJson() as (string | null)[][];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
