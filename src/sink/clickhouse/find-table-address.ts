import type { TableAddress } from '../../flow/live-columns.ts';
import { describeLiveColumns } from './columns/describe-live-columns.ts';
import { findLiveTable } from './columns/find-live-table.ts';
import type { ClickhouseServer, Waiting } from './server/clickhouse-server.ts';
import { TablePlace } from './table-place.ts';

/** Where a table is, or would be, and what it takes. `database` null: the connection's. */
export async function findTableAddress(
  server: ClickhouseServer,
  { database, table }: { readonly database: string | null; readonly table: string },
  waiting: Waiting,
): Promise<TableAddress> {
  const place = new TablePlace(server, database ?? server.database, table);
  const live = await findLiveTable(server, { database: place.database, table }, waiting);
  return { target: place.target, database: place.database, live: live === null ? null : describeLiveColumns(live) };
}
