import { AtlasError } from '../../errors.ts';
import type { PostgresConnection } from '../../flow/connections.ts';
import type { Abortable } from '../../flow/source.ts';
import type { ListedTable } from '../../flow/table-description.ts';
import { Session } from './connection/session.ts';
import { tryAgain } from './connection/try-again.ts';

const SCHEMA = 'SELECT n.nspname FROM pg_catalog.pg_namespace AS n WHERE n.nspname =';

/** Partitions come with their parents; what belongs to an extension is not the user's. */
const LIST = `
SELECT n.nspname, c.relname
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
  )
ORDER BY c.relname COLLATE "C"`;

/** The tables and views of a schema that this user may read, by name. Fails with ATLAS_DB_*. */
export async function listPostgresTables(
  connection: PostgresConnection,
  schema: string | null,
  options: Abortable,
): Promise<readonly ListedTable[]> {
  return await tryAgain(connection.attempts, () => listOnce(connection, schema, options), options);
}

async function listOnce(
  connection: PostgresConnection,
  schema: string | null,
  options: Abortable,
): Promise<readonly ListedTable[]> {
  await using session = await Session.open(connection, options);
  const doing = `listing the tables of ${schema ?? 'the search path'}`;
  const named =
    schema === null ? { sql: `${SCHEMA} current_schema()`, values: [] } : { sql: `${SCHEMA} $1`, values: [schema] };
  const [found] = await session.rows({ ...named, written: [] }, doing, options);
  if (found === undefined) {
    throw new AtlasError(
      'ATLAS_DB_TABLE_MISSING',
      `there is no schema ${schema ?? 'in the search path'} in database ${connection.database} of postgresql://${connection.name}`,
    );
  }
  const rows = await session.rows({ sql: LIST, values: [found[0] ?? ''], written: [] }, doing, options);
  return rows.map(([owner, name]) => ({ schema: owner ?? '', name: name ?? '' }));
}
