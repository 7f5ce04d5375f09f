import type { Abortable } from '../../../flow/source.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';

const BEGIN = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY';

/** Begins the transaction that everything is read in: what others commit from now on is not seen. */
export async function beginSnapshot(session: MysqlSession, options: Abortable): Promise<void> {
  await session.ask(BEGIN, options, [], 'begin a consistent snapshot');
}
