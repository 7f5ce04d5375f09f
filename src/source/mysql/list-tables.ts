import type { MysqlConnection } from '../../flow/connections.ts';
import type { Abortable } from '../../flow/source.ts';
import type { ListedTable } from '../../flow/table-description.ts';
import { openSession } from './connection/open-session.ts';

const TABLES = `SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema = COALESCE(?, database()) AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')`;

/** The tables and views of a schema that this user may read, by name. Fails with ATLAS_DB_*. */
export async function listMysqlTables(
  connection: MysqlConnection,
  schema: string | null,
  options: Abortable,
): Promise<readonly ListedTable[]> {
  await using session = await openSession(connection, options);
  const rows = await session.ask(TABLES, options, [schema], `list the tables of ${schema ?? connection.database}`);
  return rows
    .map(([owner, name]) => ({ schema: owner ?? '', name: name ?? '' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
