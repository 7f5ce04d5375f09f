import type { ClickhouseColumn } from '../../flow/dataset-plan.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

const COLUMNS = 'SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String}';

/**
 * Whether the server makes of Parquet files what it makes of Arrow: where the table has the plan's very types, or will be made with them. What
 * else a column may be was shown to hold the values that come as Arrow.
 */
export async function takesFiles(
  place: TablePlace,
  { columns }: { readonly columns: readonly ClickhouseColumn[] },
  waiting: Waiting,
): Promise<boolean> {
  const rows = await place.query(COLUMNS, waiting, { table: place.table });
  const types = new Map(rows.map(({ name, type }) => [String(name), bare(String(type))]));
  return types.size === 0 || columns.every(({ name, type }) => types.get(name) === bare(type));
}

/** Without what says how values are stored, and that there may be none. */
function bare(type: string): string {
  return type.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1');
}
