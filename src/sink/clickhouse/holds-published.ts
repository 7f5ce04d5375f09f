import type { Held, Published, StagedPartition } from '../../flow/sink.ts';
import { byPartition, findParts, type Part, rowsOf } from './find-parts.ts';
import { findTable } from './find-table.ts';
import { type Descent, descentOf } from './lineage.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/**
 * How much of what a run published is still in the target: all of it where the target is that table, or one that was made from it and
 * took its place, and each partition that the run wrote to was not replaced since and has as many rows as it wrote, at least. `some` also
 * where it cannot be told any more whether one was replaced.
 */
export async function holdsPublished(place: TablePlace, published: Published, waiting: Waiting): Promise<Held> {
  const { identity, table } = published;
  const live = await findTable(place, place.table, waiting);
  if (live === null || identity?.kind !== 'table' || table === undefined) return 'none';
  const descent = await descentOf(place, { uuid: live.uuid, of: identity.uuid }, waiting);
  if (descent === null) return 'none';
  const there = byPartition(await findParts(place, place.table, waiting));
  const ends = { live: live.uuid, of: identity.uuid };
  const fates = table.partitions
    .filter(({ rows }) => rows > 0)
    .map((partition) => {
      const parts = there.get(partition.id) ?? [];
      const fate = fateOf(partition, descent, ends, parts);
      const rows = rowsOf(parts);
      const enough = table.willCollapse === null ? rows >= partition.rows : rows > 0;
      return fate === 'kept' && !enough ? 'lost' : fate;
    });
  if (fates.includes('unknown')) return 'some';
  const held = fates.filter((fate) => fate === 'kept').length;
  if (held === fates.length) return 'all';
  return held === 0 ? 'none' : 'some';
}

/**
 * Whether a partition was replaced after a run had written to it. In the table itself that shows by its blocks: what replaces them has
 * higher numbers, and a merge keeps the lowest. Pure.
 */
function fateOf(
  { id, above: before }: StagedPartition,
  { replaced, inPlace }: Descent,
  { live, of }: { readonly live: string; readonly of: string },
  parts: readonly Part[],
): 'kept' | 'lost' | 'unknown' {
  if (replaced.has(id)) return 'lost';
  let fate: 'kept' | 'unknown' = 'kept';
  for (const { uuid, partition, above } of inPlace) {
    if (partition !== id) continue;
    // the run wrote after that
    if (uuid === of && before !== null && BigInt(before) >= above) continue;
    if (uuid !== live) fate = 'unknown';
    else if (!parts.some(({ firstBlock }) => firstBlock <= above)) return 'lost';
  }
  return fate;
}
