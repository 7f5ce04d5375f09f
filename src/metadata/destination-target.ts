import type { Destination } from './dataset-schema.ts';

/** What a destination publishes to, as it is written: a path, or `clickhouse://<connection>/<database>.<table>`; run variables are not filled in. */
export function destinationTarget(destination: Destination): string {
  if (destination.type === 'parquet') return destination.path;
  const { connection, database, table } = destination;
  return `clickhouse://${connection}/${database === undefined ? '' : `${database}.`}${table}`;
}

/** The key that says where a destination publishes to. */
export function targetKey({ type }: Destination): string {
  return type === 'parquet' ? 'path' : 'table';
}
