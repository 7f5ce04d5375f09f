import type { Abortable } from '../../../flow/source.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';

const BEGIN = 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY';

/** Begins the transaction that everything is read in: what others commit from now on is not seen. */
export async function beginSnapshot(session: MysqlSession, options: Abortable): Promise<void> {
  await session.ask(BEGIN, options, [], 'begin a consistent snapshot');
}

/** Where the session's snapshot stands in the binary log of its server (`binlog.000003:4711`); null where the server does not say. */
export async function snapshotPosition(session: MysqlSession, options: Abortable): Promise<string | null> {
  const rows = await session.ask("SHOW SESSION STATUS LIKE 'binlog_snapshot_%'", options);
  const values = new Map(rows.map(([name, value]) => [name?.toLowerCase(), value]));
  const file = values.get('binlog_snapshot_file');
  const position = values.get('binlog_snapshot_position');
  return file && position ? `${file}:${position}` : null;
}
