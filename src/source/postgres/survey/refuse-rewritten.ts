import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Session } from '../connection/session.ts';

/** Tables whose locks we hold, and whose rows lie elsewhere than our snapshot knows: the catalogue as it was, against how it is now. */
const REWRITTEN = `
SELECT c.oid::regclass
FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
  AND c.relkind IN ('r', 'm') AND c.relfilenode <> 0
  AND c.relfilenode <> pg_catalog.pg_relation_filenode(c.oid)
LIMIT 1`;

/**
 * TRUNCATE and ALTER TABLE that rewrites rows are not bound by snapshots: between the snapshot and our locks they would make rows disappear.
 * Fails with ATLAS_DB_CHANGED where that happened.
 */
export async function refuseRewritten(session: Session, path: string, options: Abortable): Promise<void> {
  const [row] = await session.rows({ sql: REWRITTEN, values: [], written: [] }, `surveying ${path}`, options);
  if (row === undefined) return;
  throw new AtlasError('ATLAS_DB_CHANGED', `${row[0]} was truncated or rewritten while the snapshot of ${path} began`);
}
