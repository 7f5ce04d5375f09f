import { randomBytes } from 'node:crypto';
import { AtlasError } from '../../errors.ts';
import type { Likeness, Staged } from '../../flow/sink.ts';
import { awaitStatement } from './await-statement.ts';
import { findParts, rowsOf } from './find-parts.ts';
import { findTable, findTableById } from './find-table.ts';
import { isLost } from './is-lost.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/** Times that it is tried, where answers are lost. */
const ATTEMPTS = 3;

/**
 * Gives the staged table the target's name: by EXCHANGE TABLES, or RENAME where there is none. Each attempt gives the table a name of its
 * own first, so that a request of an earlier one which arrives late finds nothing to exchange: it would undo this one.
 */
export async function exchangeTables(place: TablePlace, staged: Staged, waiting: Waiting): Promise<void> {
  const uuid = uuidOf(staged);
  for (let attempt = 1; ; attempt += 1) {
    const found = await findTableById(place, uuid, waiting);
    if (found?.name === place.table) return;
    const run = found === null ? null : place.runOf(found.name);
    if (found === null || run === null) throw lostDraft(place, staged, found?.name ?? null);
    const name = place.draftName('next', run, randomBytes(6).toString('hex'));
    const queryId = `${name.slice(1)}-publish`;
    const from = place.sql(name);
    const step = staged.table?.step === 'rename' ? `RENAME TABLE ${from} TO` : `EXCHANGE TABLES ${from} AND`;
    try {
      const rename = `RENAME TABLE ${place.sql(found.name)} TO ${from}`;
      await place.command(rename, waiting, { queryId: `${queryId}-name` });
      await place.command(`${step} ${place.live}`, waiting, { queryId });
      return;
    } catch (error) {
      if (!isLost(error)) throw error;
      const isOver =
        (await awaitStatement(place, `${queryId}-name`, waiting)) && (await awaitStatement(place, queryId, waiting));
      if (!isOver) throw error;
      if ((await findTable(place, place.table, waiting))?.uuid === uuid) return;
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/** Whether the staged table is still a draft, or the target. */
export async function compareExchange(
  place: TablePlace,
  staged: Staged,
  at: 'draft' | 'target' | 'either',
  waiting: Waiting,
): Promise<Likeness> {
  const live = await findTable(place, place.table, waiting);
  const isThere = live?.uuid === uuidOf(staged);
  if (at === 'target') return isThere ? 'same' : live === null ? 'absent' : 'other';
  if (isThere) return at === 'either' ? 'same' : 'absent';
  const draft = await findTableById(place, uuidOf(staged), waiting);
  if (draft === null || place.runOf(draft.name) === null) return 'absent';
  const keepsAll = staged.table?.willCollapse === null && !/\bTTL\b/.test(draft.engineFull);
  if (!keepsAll) return 'same';
  const parts = await findParts(place, draft.name, waiting);
  return rowsOf(parts) === staged.rows || parts.some(({ masked }) => masked) ? 'same' : 'other';
}

function uuidOf({ post }: Staged): string {
  if (post.kind === 'table') return post.uuid;
  throw new AtlasError('ATLAS_INTERNAL', `a table was staged as a ${post.kind}`);
}

function lostDraft(place: TablePlace, { draft }: Staged, name: string | null): AtlasError {
  const what = name === null ? 'is gone' : `is called ${place.called(name)} now`;
  return new AtlasError('ATLAS_TARGET_CONFLICT', `the staged table ${draft} ${what}: nothing was published`, {
    place: { file: place.target },
  });
}
