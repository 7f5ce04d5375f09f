import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { DescribedColumn, TableDescription } from '../../../flow/table-description.ts';
import { quoteRelation } from '../../../metadata/quote-identifier.ts';
import { formatTableName } from '../../../metadata/table-name.ts';
import type { Session, TextRow } from '../connection/session.ts';
import { resolveTypes } from './resolve-types.ts';

type Relation = NonNullable<TableDescription['relation']>;

const KINDS: Readonly<Record<string, TableDescription['kind']>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};

const FIND = `
SELECT c.oid, n.nspname, c.relname, c.relkind, has_any_column_privilege(c.oid, 'SELECT')
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass($1)`;

const COLUMNS = `
SELECT a.attname, a.atttypid, a.atttypmod, pg_catalog.col_description(a.attrelid, a.attnum),
  a.attnotnull AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS k
    WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
  )
FROM pg_catalog.pg_attribute AS a
WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`;

const KEY = `
SELECT a.attname
FROM pg_catalog.pg_constraint AS k, unnest(k.conkey) WITH ORDINALITY AS part(number, place)
JOIN pg_catalog.pg_attribute AS a ON a.attnum = part.number
WHERE k.conrelid = $1::oid AND k.contype = 'p' AND a.attrelid = k.conrelid
ORDER BY part.place`;

/** The table with those that inherit from it: how many rows statistics say each page has, times the pages that are there. */
const SIZE = `
WITH RECURSIVE tree(id) AS (
  SELECT $1::oid
  UNION
  SELECT i.inhrelid FROM tree JOIN pg_catalog.pg_inherits AS i ON i.inhparent = tree.id
), leaf AS (
  SELECT c.reltuples::float8 AS rows, c.relpages::float8 AS pages, pg_catalog.pg_table_size(c.oid) AS bytes,
    pg_catalog.pg_relation_size(c.oid) AS main
  FROM tree JOIN pg_catalog.pg_class AS c ON c.oid = tree.id
  WHERE c.relkind IN ('r', 'm')
)
SELECT CASE WHEN bool_or(main > 0 AND (pages = 0 OR rows < 0)) THEN NULL
    ELSE round(sum(CASE WHEN pages = 0 THEN 0 ELSE rows / pages * (main / current_setting('block_size')::float8) END)) END,
  sum(bytes)
FROM leaf`;

/** Asks the catalogue about a table or view, found by the search path where no schema is named. Fails with ATLAS_DB_*. */
export async function describeRelation(
  session: Session,
  asked: { readonly schema: string | null; readonly name: string },
  options: Abortable,
): Promise<TableDescription> {
  const shown = formatTableName(asked);
  const ask = (sql: string, value: string): Promise<readonly TextRow[]> =>
    session.rows({ sql, values: [value], written: [] }, `describing ${shown}`, options);
  const [found] = await ask(FIND, quoteRelation('postgresql', asked));
  const { connection } = session;
  if (found === undefined) {
    throw new AtlasError(
      'ATLAS_DB_TABLE_MISSING',
      `${shown} is not in database ${connection.database} of postgresql://${connection.name}`,
    );
  }
  const [id = '', schema, name, letter, readable] = found as readonly string[];
  const kind = KINDS[letter ?? ''];
  if (kind === undefined) {
    throw new AtlasError('ATLAS_DB_TABLE_MISSING', `${shown} of postgresql://${connection.name} is no table or view`);
  }
  const relation = { schema, name } as Relation;
  const [rows, key, sizes] = [await ask(COLUMNS, id), await ask(KEY, id), await ask(SIZE, id)];
  // a table without columns has none that may be read
  if (readable !== 't' && rows.length > 0) throw denied(session, relation);
  const physical = kind === 'table' || kind === 'partitioned table' || kind === 'materialized view';
  const [estimatedRows = null, estimatedBytes = null] = physical ? (sizes[0] ?? []) : [];
  return {
    server: session.version.name,
    kind,
    relation,
    columns: await columnsOf(session, rows, kind, options),
    primaryKey: key.map(([column]) => column ?? ''),
    estimatedRows: estimatedRows === null ? null : Number(estimatedRows),
    estimatedBytes: estimatedBytes === null ? null : Number(estimatedBytes),
  };
}

async function columnsOf(
  session: Session,
  rows: readonly TextRow[],
  kind: TableDescription['kind'],
  options: Abortable,
): Promise<readonly DescribedColumn[]> {
  const references = rows.map(([, id, modifier]) => ({ id: Number(id), modifier: Number(modifier) }));
  const types = await resolveTypes(session, references, options);
  // nobody holds a view or a foreign server to what its columns say
  const held = kind === 'table' || kind === 'partitioned table';
  return rows.map(([name, , , comment, filled], index) => {
    const resolved = types[index];
    if (resolved === undefined) throw new AtlasError('ATLAS_INTERNAL', `the type of column ${index} was not found`);
    const { type, required } = resolved;
    return { name: name ?? '', type, nullable: !(held && (filled === 't' || required)), comment: comment ?? null };
  });
}

function denied({ connection, user }: Session, relation: Relation): AtlasError {
  const table = formatTableName(relation);
  return new AtlasError(
    'ATLAS_DB_DENIED',
    `${user} may not read ${table} of postgresql://${connection.name} (SQLSTATE 42501)`,
    { hint: `GRANT SELECT ON ${quoteRelation('postgresql', relation)} TO ${user};` },
  );
}
