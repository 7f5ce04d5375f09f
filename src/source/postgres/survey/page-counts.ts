import type { Abortable } from '../../../flow/source.ts';
import type { Session } from '../connection/session.ts';

const PAGES = `
WITH RECURSIVE tree(id) AS (
  SELECT to_regclass($1)::oid
  UNION
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.id
)
SELECT c.relkind, coalesce(m.amname = 'heap', false),
  CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::bigint END,
  CASE WHEN c.relkind IN ('r', 'm') AND c.reltoastrelid <> 0 THEN pg_catalog.pg_relation_size(c.reltoastrelid) ELSE 0 END
FROM tree JOIN pg_catalog.pg_class AS c ON c.oid = tree.id
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
ORDER BY c.oid`;

/** What of a table lies on disk. */
export interface PageCounts {
  /** Pages of the table, of each partition, of each table that inherits from it. */
  readonly tables: readonly number[];
  /** Of values that lie outside of their rows. */
  readonly outsideBytes: number;
  /** All of it is PostgreSQL's own kind of table, whose rows have a page number. */
  readonly plain: boolean;
}

/** Counts the pages of a table, in fact and not by statistics. Fails with ATLAS_DB_*. */
export async function pageCounts(session: Session, quoted: string, options: Abortable): Promise<PageCounts> {
  const rows = await session.rows({ sql: PAGES, values: [quoted], written: [] }, `measuring ${quoted}`, options);
  const stored = rows.filter(([kind]) => kind !== 'p');
  return {
    tables: stored.map(([, , pages]) => Number(pages ?? 0)),
    outsideBytes: stored.reduce((sum, [, , , bytes]) => sum + Number(bytes ?? 0), 0),
    plain: stored.every(([kind, heap]) => (kind === 'r' || kind === 'm') && heap === 't'),
  };
}
