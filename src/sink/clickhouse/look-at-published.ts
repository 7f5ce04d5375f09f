import type { Held, Published } from '../../flow/sink.ts';
import { findParts, rowsOf } from './find-parts.ts';
import { findTable } from './find-table.ts';
import { holdsPublished } from './holds-published.ts';
import type { ClickhouseServer, Waiting } from './server/clickhouse-server.ts';
import { TablePlace } from './table-place.ts';

/** How much of what a run published is in its table, and how many rows that has now; null where it is not there. */
export async function lookAtPublished(
  server: ClickhouseServer,
  { database, table }: { readonly database: string; readonly table: string },
  published: Published,
  waiting: Waiting,
): Promise<{ readonly held: Held; readonly rows: number | null }> {
  const place = new TablePlace(server, database, table);
  const held = await holdsPublished(place, published, waiting);
  const live = await findTable(place, table, waiting);
  return { held, rows: live === null ? null : rowsOf(await findParts(place, table, waiting)) };
}
