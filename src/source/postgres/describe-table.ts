import { AtlasError } from '../../errors.ts';
import type { PostgresConnection } from '../../flow/connections.ts';
import type { Abortable } from '../../flow/source.ts';
import type { TableDescription, TableRequest } from '../../flow/table-description.ts';

/** Asks the catalogue what a table or query looks like. Fails with ATLAS_DB_*. */
export async function describePostgresTable(
  connection: PostgresConnection,
  _request: TableRequest,
  _options: Abortable,
): Promise<TableDescription> {
  throw new AtlasError('ATLAS_INTERNAL', `not built yet: ${connection.name}`);
}
