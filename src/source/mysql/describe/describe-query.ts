import type { Abortable } from '../../../flow/source.ts';
import type { SqlText } from '../../../flow/sql-text.ts';
import type { TableDescription } from '../../../flow/table-description.ts';
import type { PreparedStatement } from '../connection/client.ts';
import { databaseError } from '../connection/database-error.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { serverName } from './describe-relation.ts';
import { FLAG, resultType } from './result-type.ts';

/** Asks what a query's columns are, by preparing it: it is not run. Fails with ATLAS_DB_* where the server refuses it. */
export async function describeQuery(
  session: MysqlSession,
  query: SqlText,
  options: Abortable,
): Promise<TableDescription> {
  const what = 'prepare the query';
  const sql = query.pieces.join('?');
  const { connection, client } = session;
  const statement = await session
    .wait<PreparedStatement>((heard) => client.prepare(sql, heard), { ...options, what })
    .catch((error: unknown) => {
      throw databaseError(error, { connection, what });
    });
  const [[version] = []] = await session.ask('SELECT version()', options);
  return {
    server: serverName(version ?? ''),
    kind: 'query',
    relation: null,
    columns: statement.columns.map((column) => ({
      name: column.name,
      type: resultType(column),
      nullable: (column.flags & FLAG.notNull) === 0,
      comment: null,
    })),
    primaryKey: [],
    estimatedRows: null,
    estimatedBytes: null,
  };
}
