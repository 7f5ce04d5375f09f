import { AtlasError } from '../../errors.ts';
import type { MysqlConnection } from '../../flow/connections.ts';
import type { Abortable } from '../../flow/source.ts';
import type { TableDescription, TableRequest } from '../../flow/table-description.ts';
import type { MysqlSession } from './connection/mysql-session.ts';
import { openSession } from './connection/open-session.ts';
import { describeQuery } from './describe/describe-query.ts';
import { describeRelation, type RelationDescription } from './describe/describe-relation.ts';

/** Asks the catalogue what a table or query looks like. Fails with ATLAS_DB_*. */
export async function describeMysqlTable(
  connection: MysqlConnection,
  request: TableRequest,
  options: Abortable,
): Promise<TableDescription> {
  await using session = await openSession(connection, options);
  const { engine, ...description } = await describeOn(session, request, options);
  return description;
}

/** The same in a session that is open. */
export async function describeOn(
  session: MysqlSession,
  { relation, query }: TableRequest,
  options: Abortable,
): Promise<RelationDescription> {
  if (relation !== null) return describeRelation(session, relation, options);
  if (query !== null) return { ...(await describeQuery(session, query, options)), engine: null };
  throw new AtlasError('ATLAS_INTERNAL', 'neither a table nor a query is named');
}
