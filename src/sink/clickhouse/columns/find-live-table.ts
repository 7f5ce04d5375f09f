import type { ClickhouseServer, Row, Waiting } from '../server/clickhouse-server.ts';
import type { LiveColumn, LiveTable } from './live-table.ts';
import { findServerTraits } from './server-traits.ts';

const TABLE = `SELECT toString(uuid) AS uuid, engine, engine_full, partition_key, sorting_key, primary_key
FROM system.tables WHERE database = {database:String} AND name = {table:String}`;

const COLUMNS = `SELECT name, type, default_kind,
  toUInt8(is_in_partition_key OR is_in_sorting_key OR is_in_primary_key OR is_in_sampling_key) AS key
FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY position`;

/** A table as its server describes it; null where there is none of that name. */
export async function findLiveTable(
  server: ClickhouseServer,
  { database, table }: { readonly database: string; readonly table: string },
  waiting: Waiting,
): Promise<LiveTable | null> {
  const params = { database, table };
  const [found] = await server.query({ sql: TABLE, params }, waiting);
  if (found === undefined) return null;
  const columns = await server.query({ sql: COLUMNS, params }, waiting);
  const traits = await findServerTraits(server, waiting);
  return {
    uuid: text(found, 'uuid'),
    engine: text(found, 'engine'),
    engineFull: text(found, 'engine_full'),
    partitionKey: text(found, 'partition_key'),
    sortingKey: text(found, 'sorting_key'),
    primaryKey: text(found, 'primary_key'),
    columns: columns.map((row) => ({
      name: text(row, 'name'),
      type: text(row, 'type'),
      fill: (text(row, 'default_kind') || null) as LiveColumn['fill'],
      key: Number(row['key']) === 1,
    })),
    ...traits,
  };
}

function text(row: Row, key: string): string {
  const value = row[key];
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value ?? '');
}
