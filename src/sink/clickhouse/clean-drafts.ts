import { hostname } from 'node:os';
import { dropTable } from './drop-table.ts';
import { findTables } from './find-table.ts';
import { type PartitionMark, readPartitionMark } from './partition-mark.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/**
 * Drops what runs left behind at a target that is locked, but for drafts in `keep` (`db.name`), and for staging tables that were being
 * published: whoever has their intention settles them. Answers what it dropped.
 */
export async function cleanDrafts(
  place: TablePlace,
  keep: readonly string[],
  waiting: Waiting,
): Promise<readonly string[]> {
  const kept = new Set(keep.map((draft) => place.runOf(draft.slice(place.database.length + 1))));
  const dropped: string[] = [];
  for (const prefix of [...place.draftPrefixes, `${place.lockName}~`]) {
    for (const table of await findTables(place, prefix, waiting)) {
      const run = place.runOf(table.name);
      if (run !== null && kept.has(run)) continue;
      if (!isOver(readPartitionMark(table))) continue;
      await dropTable(place, table.name, waiting);
      dropped.push(place.called(table.name));
    }
  }
  return dropped;
}

/** Whether nobody will ask again how far a staging table was published: another host's ledger may. */
function isOver(mark: PartitionMark | null): boolean {
  return mark === null || (mark.index >= mark.of && mark.host === hostname());
}

/** Drops all tables of the run whose draft this is. */
export async function dropDraft(place: TablePlace, draft: string, waiting: Waiting): Promise<void> {
  const run = place.runOf(draft.slice(place.database.length + 1));
  if (run === null) return;
  for (const prefix of place.draftPrefixes) {
    for (const table of await findTables(place, prefix, waiting)) {
      if (place.runOf(table.name) === run) await dropTable(place, table.name, waiting);
    }
  }
}
