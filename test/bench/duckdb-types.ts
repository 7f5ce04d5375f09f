/** What DuckDB calls each kind of column. */
export const DUCKDB_TYPES = {
  int64: 'BIGINT',
  int16: 'SMALLINT',
  timestamp: 'TIMESTAMP',
  double: 'DOUBLE',
  text: 'VARCHAR',
} as const;
