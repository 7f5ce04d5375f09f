import type { Held, Published } from '../../flow/sink.ts';
import { byPartition, findParts, rowsOf } from './find-parts.ts';
import { findTable } from './find-table.ts';
import { isDescendant } from './lineage.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/**
 * How much of what a run published is still in the target: all of it where the target is that table, or one that was made from it and
 * took its place, and each partition that the run wrote to has as many rows as it wrote, at least.
 */
export async function holdsPublished(place: TablePlace, published: Published, waiting: Waiting): Promise<Held> {
  const { identity, table } = published;
  const live = await findTable(place, place.table, waiting);
  if (live === null || identity?.kind !== 'table' || table === undefined) return 'none';
  const partitions = table.partitions.filter(({ rows }) => rows > 0);
  const lost = await isDescendant(place, { uuid: live.uuid, of: identity.uuid }, waiting);
  if (lost === null) return 'none';
  const there = byPartition(await findParts(place, place.table, waiting));
  const held = partitions.filter(({ id, rows }) => {
    if (lost.has(id)) return false;
    const found = rowsOf(there.get(id) ?? []);
    return table.willCollapse === null ? found >= rows : found > 0;
  });
  if (held.length === partitions.length) return 'all';
  return held.length === 0 ? 'none' : 'some';
}
