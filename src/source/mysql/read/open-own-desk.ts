import { AtlasError } from '../../../errors.ts';
import type { MysqlConnection } from '../../../flow/connections.ts';
import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import { openSession } from '../connection/open-session.ts';
import type { MysqlState } from '../mysql-slice.ts';
import { beginSnapshot, snapshotPosition } from '../survey/begin-snapshot.ts';
import { PieceDesk } from './piece-desk.ts';
import { queryOf } from './query-of.ts';
import { RangeDesk } from './range-desk.ts';
import type { RowDesk } from './task-rows.ts';

/**
 * Reads what another source surveyed, through a connection of its own: where the document lets each reader have its own snapshot, or where
 * this one is shown to be that of the survey. Fails with ATLAS_DB_SNAPSHOT, and as sessions do.
 */
export async function openOwnDesk(
  declared: MysqlSourcePlan,
  connection: MysqlConnection,
  { pieces, position, range }: MysqlState,
  options: Abortable,
): Promise<RowDesk> {
  const plan = range === null ? declared : { ...declared, range };
  const session = await openSession(connection, options);
  try {
    await beginSnapshot(session, options);
    const now = await snapshotPosition(session, options);
    if (plan.consistency !== 'per_reader' && (now === null || now !== position)) {
      const [then, here] = [position ?? 'unknown', now ?? 'unknown'];
      throw new AtlasError(
        'ATLAS_DB_SNAPSHOT',
        `the snapshot of ${plan.path} stood at ${then}, this one is at ${here}`,
      );
    }
  } catch (error) {
    session.destroy();
    throw error;
  }
  if (pieces > 0) return new PieceDesk(session, queryOf(plan, [], pieces));
  return new RangeDesk([session], (condition) => queryOf(plan, [condition], 1));
}
