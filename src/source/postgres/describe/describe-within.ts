import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { TableDescription, TableRequest } from '../../../flow/table-description.ts';
import type { Session } from '../connection/session.ts';
import { describeQuery } from './describe-query.ts';
import { describeRelation } from './describe-relation.ts';

/** Asks the catalogue on a session that is open, in its snapshot. Fails with ATLAS_DB_*. */
export async function describeWithin(
  session: Session,
  { relation, query }: TableRequest,
  options: Abortable,
): Promise<TableDescription> {
  if (relation !== null) return await describeRelation(session, relation, options);
  if (query !== null) return await describeQuery(session, query, options);
  throw new AtlasError('ATLAS_INTERNAL', 'neither a table nor a query is to be described');
}
