import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/** Removes a table of a run, at once and however large it is. */
export async function dropTable(place: TablePlace, name: string, waiting: Waiting): Promise<void> {
  await place.command(`DROP TABLE IF EXISTS ${place.sql(name)} SYNC`, waiting, {
    settings: { max_table_size_to_drop: 0 },
  });
}
