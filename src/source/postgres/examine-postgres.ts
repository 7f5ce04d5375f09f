import type { TLSSocket } from 'node:tls';
import { AtlasError } from '../../errors.ts';
import type { PostgresConnection } from '../../flow/connections.ts';
import type { ExaminationOptions, ExaminationStep } from '../../flow/examination.ts';
import type { Abortable } from '../../flow/source.ts';
import type { TableDescription } from '../../flow/table-description.ts';
import { quoteIdentifier, quoteRelation } from '../../metadata/quote-identifier.ts';
import type { DatabaseProbe, ProbedSession } from '../examine/database-probe.ts';
import { examineDatabase } from '../examine/examine-database.ts';
import { Session } from './connection/session.ts';
import { describeWithin } from './describe/describe-within.ts';
import { listPostgresTables } from './list-tables.ts';

/** Tries a PostgreSQL step by step: see `examineDatabase`. */
export function examinePostgres(
  connection: PostgresConnection,
  options: ExaminationOptions,
): AsyncGenerator<ExaminationStep> {
  const probe: DatabaseProbe = {
    open: async (through) => probed(connection, await Session.open(connection, through)),
  };
  return examineDatabase(connection, probe, options);
}

function probed(connection: PostgresConnection, session: Session): ProbedSession {
  const one = { ...connection, attempts: 1 };
  /** After a failure a session is of no more use. */
  const anew = async <T>(action: (session: Session) => Promise<T>, through: Abortable): Promise<T> => {
    await using own = await Session.open(connection, through);
    return await action(own);
  };
  const { stream } = session.wire;
  return {
    server: session.version.name,
    user: session.user,
    cipher: 'getProtocol' in stream ? (stream as TLSSocket).getProtocol() : null,
    describe: (request, through) => anew((own) => describeWithin(own, request, through), through),
    list: (schema, through) => listPostgresTables(one, schema, through),
    firstRow: (description, through) => anew((own) => firstRow(own, description, through), through),
    snapshot: (through) => tellSnapshot(session, through),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

async function firstRow(
  session: Session,
  { relation, columns }: TableDescription,
  through: Abortable,
): Promise<boolean> {
  if (relation === null) throw new AtlasError('ATLAS_INTERNAL', 'a query has no first row');
  const names = columns.map(({ name }) => quoteIdentifier('postgresql', name)).join(', ');
  const sql = `SELECT FROM (SELECT ${names} FROM ${quoteRelation('postgresql', relation)} LIMIT 1) AS one`;
  const rows = await session.rows({ sql, values: [], written: [] }, `a row of ${relation.name}`, through);
  return rows.length > 0;
}

async function tellSnapshot(session: Session, through: Abortable) {
  try {
    await session.rows(
      { sql: 'SELECT pg_export_snapshot()', values: [], written: [] },
      'exporting a snapshot',
      through,
    );
    return { message: 'parallel readers share one snapshot', warning: null };
  } catch (error) {
    if (!(error instanceof AtlasError) || error.retryable) throw error;
    return {
      message: `snapshots cannot be shared: ${error.message}`,
      warning: 'Set workers to 1: one reader needs none.',
    };
  }
}
