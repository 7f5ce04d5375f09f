import { AtlasError } from '../../../errors.ts';
import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import { quoteRelation } from '../../../metadata/quote-identifier.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { openSession } from '../connection/open-session.ts';
import { beginSnapshot, snapshotPosition } from './begin-snapshot.ts';
import { logsEverything } from './logs-everything.ts';

/** Sessions in their snapshots, and what can be promised of them. */
export interface Readers {
  /** The first is the one that surveys. */
  readonly sessions: readonly MysqlSession[];
  readonly promise: string;
}

/** Times that several snapshots are begun until they are one. */
const TRIES = 8;
const LOCK_SECONDS = 5;

/**
 * Begins the snapshots of up to `count` readers, the first in `session`. As many as can be shown to see the same; where that cannot be
 * shown, one. Fails with ATLAS_DB_*; `session` is the caller's, the others are gone then.
 */
export async function openReaders(
  plan: MysqlSourcePlan,
  session: MysqlSession,
  count: number,
  options: Abortable,
): Promise<Readers> {
  const alone = async (why: string): Promise<Readers> => {
    await beginSnapshot(session, options);
    return { sessions: [session], promise: `read by one connection in one consistent snapshot${why}` };
  };
  if (count <= 1) return alone('');
  const logged = plan.consistency === 'snapshot' ? await logsEverything(session, options) : true;
  if (logged !== true) return alone(`: ${logged}, so that several could not be shown to see the same`);
  const others: MysqlSession[] = [];
  try {
    while (others.length + 1 < count) others.push(await openSession(session.connection, options));
    const all = [session, ...others];
    if (plan.consistency === 'per_reader') {
      for (const each of all) await beginSnapshot(each, options);
      const promise = `read by ${all.length} connections, each in a snapshot of its own: rows that change meanwhile may be missing or there twice`;
      return { sessions: all, promise };
    }
    if (plan.consistency === 'locked') return await beginLocked(plan, all, options);
    return await beginEqual(all, options);
  } catch (error) {
    for (const other of others) other.destroy();
    throw error;
  }
}

/** Snapshots at one position of the binary log: those of most sessions, after some tries; the others are let go. */
async function beginEqual(all: readonly MysqlSession[], options: Abortable): Promise<Readers> {
  let equal: readonly MysqlSession[] = [];
  let position: string | null = null;
  for (let attempt = 0; attempt < TRIES && equal.length < all.length; attempt += 1) {
    // one transaction ends where the next begins
    await Promise.all(all.map((each) => beginSnapshot(each, options)));
    const positions = await Promise.all(all.map((each) => snapshotPosition(each, options)));
    [position = null] = positions;
    equal = position === null ? [] : all.filter((_, index) => positions[index] === position);
  }
  const kept = equal.length === 0 ? all.slice(0, 1) : equal;
  await Promise.all(all.filter((each) => !kept.includes(each)).map((each) => each[Symbol.asyncDispose]()));
  const one = 'read by one connection in one consistent snapshot';
  if (kept.length === 1) return { sessions: kept, promise: `${one}: others could not be brought to see the same` };
  const promise = `read by ${kept.length} connections, whose snapshots stand at the same position of the binary log (${position})`;
  return { sessions: kept, promise };
}

/** Snapshots that begin while nobody can write to the table. */
async function beginLocked(plan: MysqlSourcePlan, all: readonly MysqlSession[], options: Abortable): Promise<Readers> {
  const { relation, path } = plan;
  if (relation === null) throw new AtlasError('ATLAS_INTERNAL', 'a query cannot be locked');
  const [{ connection }] = all as readonly [MysqlSession];
  await using lock = await openSession(connection, options);
  const what = `lock ${path} while ${all.length} readers begin`;
  await lock.ask(`SET SESSION lock_wait_timeout = ${LOCK_SECONDS}`, options);
  await lock.ask(`LOCK TABLES ${quoteRelation('mysql', relation)} READ`, options, [], what);
  await Promise.all(all.map((each) => beginSnapshot(each, options)));
  await lock.ask('UNLOCK TABLES', options, [], what);
  const promise = `read by ${all.length} connections in one snapshot: the table was locked against writes while they began`;
  return { sessions: all, promise };
}
