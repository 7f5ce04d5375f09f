import { doubtful, type Found, failed, well } from '../../../store/examine/finding.ts';
import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';

const TABLE = `SELECT engine, engine_full AS full, toUInt64(ifNull(total_rows, 0)) AS rows,
  arrayMap((d, t) -> concat(d, '.', t), dependencies_database, dependencies_table) AS views,
  (SELECT value FROM system.merge_tree_settings WHERE name = 'non_replicated_deduplication_window') AS window
FROM system.tables WHERE database = {database:String} AND name = {table:String}`;

/** What a target is, as a dataset names it, and what loads do there. */
export interface TargetName {
  readonly database: string;
  readonly table: string;
}

/** `orders`, or `olap.orders`. */
export function targetName(target: string, database: string): TargetName {
  const dot = target.indexOf('.');
  return dot < 0 ? { database, table: target } : { database: target.slice(0, dot), table: target.slice(dot + 1) };
}

/** Whether a table can be loaded, and how. */
export async function examineTarget(
  server: ClickhouseServer,
  { database, table }: TargetName,
  waiting: Waiting,
): Promise<Found<true>> {
  const name = `${database}.${table}`;
  const [row] = await server.query({ sql: TABLE, params: { database, table } }, waiting);
  if (row === undefined) return well(`${name} is not there: create_table makes it`, true);
  const engine = String(row['engine']);
  if (!engine.endsWith('MergeTree') || /^(Replicated|Shared)/.test(engine)) {
    const hint = 'Name a table of a MergeTree engine that is not replicated.';
    return failed('ATLAS_TARGET_KIND', `${name} is ${engine}, which is not loaded`, hint);
  }
  const window =
    /\bnon_replicated_deduplication_window = (\d+)/.exec(String(row['full']))?.[1] ?? String(row['window']);
  const append =
    window === '0'
      ? 'no deduplication window: every append to it as a shared table is staged and moved'
      : `a deduplication window of ${window} blocks`;
  const told = `${name}: ${engine}, ${Number(row['rows']).toLocaleString('en-US')} rows, ${append}`;
  const views = row['views'] as readonly unknown[];
  if (views.length === 0) return well(told, true);
  const hint = 'Loads are refused, unless on_views of the destination says what becomes of them.';
  return doubtful(`${told}; feeds materialized views (${views.join(', ')})`, hint, true);
}

/** Whether tables of a database can be exchanged. */
export async function examineDatabase(
  server: ClickhouseServer,
  database: string,
  waiting: Waiting,
): Promise<Found<true>> {
  const sql = 'SELECT engine FROM system.databases WHERE name = {database:String}';
  const [row] = await server.query({ sql, params: { database } }, waiting);
  if (row === undefined) {
    const hint = `Make it with ENGINE = Atomic, or let this user see it; check database of connection and destination.`;
    return failed('ATLAS_CH_TABLE_MISSING', `there is no database ${database} that this user may see`, hint);
  }
  const engine = String(row['engine']);
  if (engine === 'Atomic' || engine === 'Replicated')
    return well(`${database} is ${engine}: tables are exchanged in one step`, true);
  const hint = 'Make a database with ENGINE = Atomic, and name it in the connection or the destination.';
  return failed('ATLAS_CH_ATOMIC', `the database ${database} is ${engine}: Atomic or Replicated is needed`, hint);
}
