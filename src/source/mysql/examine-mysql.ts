import type { TLSSocket } from 'node:tls';
import { AtlasError } from '../../errors.ts';
import type { MysqlConnection } from '../../flow/connections.ts';
import type { ExaminationOptions, ExaminationStep } from '../../flow/examination.ts';
import type { Abortable } from '../../flow/source.ts';
import type { TableDescription } from '../../flow/table-description.ts';
import { quoteIdentifier, quoteRelation } from '../../metadata/quote-identifier.ts';
import type { DatabaseProbe, ProbedSession } from '../examine/database-probe.ts';
import { examineDatabase } from '../examine/examine-database.ts';
import { MysqlSession } from './connection/mysql-session.ts';
import { describeOn } from './describe-table.ts';
import { listMysqlTables } from './list-tables.ts';

/** Tries a MySQL or MariaDB step by step: see `examineDatabase`. */
export function examineMysql(
  connection: MysqlConnection,
  options: ExaminationOptions,
): AsyncGenerator<ExaminationStep> {
  const probe: DatabaseProbe = {
    open: async (through) => probed(connection, await MysqlSession.open(connection, through), through),
  };
  return examineDatabase(connection, probe, options);
}

async function probed(connection: MysqlConnection, session: MysqlSession, through: Abortable): Promise<ProbedSession> {
  const [said] = await session.ask('SELECT version(), current_user()', through, [], 'ask who we are');
  const [version = '', user = ''] = (said ?? []).map((each) => each ?? '');
  const stream = session.client.stream as unknown as Partial<TLSSocket>;
  return {
    server: /mariadb/i.test(version) ? `MariaDB ${version.split('-')[0]}` : `MySQL ${version}`,
    user,
    cipher: stream.getProtocol?.() ?? null,
    describe: (request, each) => describeOn(session, request, each),
    list: (schema, each) => listMysqlTables({ ...connection, attempts: 1 }, schema, each),
    firstRow: (description, each) => firstRow(session, description, each),
    snapshot: (each) => tellSnapshot(session, each),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function firstRow(
  session: MysqlSession,
  { relation, columns }: TableDescription,
  through: Abortable,
): Promise<boolean> {
  if (relation === null) throw new AtlasError('ATLAS_INTERNAL', 'a query has no first row');
  const names = columns.map(({ name }) => quoteIdentifier('mysql', name)).join(', ');
  const sql = `SELECT 1 FROM (SELECT ${names} FROM ${quoteRelation('mysql', relation)} LIMIT 1) AS one`;
  return (await session.ask(sql, through, [], `read a row of ${relation.name}`)).length > 0;
}

/** MariaDB with a binary log shows each reader where its snapshot stands. */
async function tellSnapshot(session: MysqlSession, through: Abortable) {
  const rows = await session.ask("SHOW STATUS LIKE 'binlog_snapshot_file'", through, [], 'ask for the binary log');
  if ((rows[0]?.[1] ?? '') !== '') {
    return { message: 'parallel readers can show that they see the same: the server has a binary log', warning: null };
  }
  return {
    message:
      'one reader for each table: the server has no binary log by which several could show that they see the same',
    warning: null,
  };
}
