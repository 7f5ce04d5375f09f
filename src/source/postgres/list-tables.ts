import { AtlasError } from '../../errors.ts';
import type { PostgresConnection } from '../../flow/connections.ts';
import type { Abortable } from '../../flow/source.ts';
import type { ListedTable } from '../../flow/table-description.ts';

/** The tables and views of a schema that this user may read, by name. Fails with ATLAS_DB_*. */
export async function listPostgresTables(
  connection: PostgresConnection,
  _schema: string | null,
  _options: Abortable,
): Promise<readonly ListedTable[]> {
  throw new AtlasError('ATLAS_INTERNAL', `not built yet: ${connection.name}`);
}
