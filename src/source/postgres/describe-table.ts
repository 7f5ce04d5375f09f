import type { PostgresConnection } from '../../flow/connections.ts';
import type { Abortable } from '../../flow/source.ts';
import type { TableDescription, TableRequest } from '../../flow/table-description.ts';
import { Session } from './connection/session.ts';
import { tryAgain } from './connection/try-again.ts';
import { describeWithin } from './describe/describe-within.ts';

/** Asks the catalogue what a table or query looks like. Fails with ATLAS_DB_*. */
export async function describePostgresTable(
  connection: PostgresConnection,
  request: TableRequest,
  options: Abortable,
): Promise<TableDescription> {
  const describe = async (): Promise<TableDescription> => {
    await using session = await Session.open(connection, options);
    return await describeWithin(session, request, options);
  };
  return await tryAgain(connection.attempts, describe, options);
}
