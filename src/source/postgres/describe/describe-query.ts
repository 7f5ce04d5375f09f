import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { SqlText } from '../../../flow/sql-text.ts';
import type { TableDescription } from '../../../flow/table-description.ts';
import { numbered } from '../connection/sent-statement.ts';
import type { Session } from '../connection/session.ts';
import { resolveTypes } from './resolve-types.ts';

const REQUIRED = `
SELECT asked.place
FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS asked(relation, number, place)
JOIN pg_catalog.pg_class AS c ON c.oid = asked.relation AND c.relkind IN ('r', 'p')
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = asked.relation AND a.attnum = asked.number
WHERE a.attnotnull AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_constraint AS k
  WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey)
)`;

/** Words of SQL by which a column that is never NULL in its table may be NULL in an answer. */
const MAKES_NULLS = /\b(left|right|full|cube|rollup|grouping)\b/i;

/** What a query would answer, by the server's description of it: it is not run. Fails with ATLAS_DB_*. */
export async function describeQuery(session: Session, query: SqlText, options: Abortable): Promise<TableDescription> {
  const sql = numbered(query);
  const statement = { sql, values: [], written: [{ key: 'query' as const, at: 0, text: query }] };
  const fields = await session.describe(statement, 'describing the query', options);
  if (fields.length === 0) {
    throw new AtlasError('ATLAS_DB_QUERY', `the query of postgresql://${session.connection.name} answers no columns`, {
      hint: 'Write a SELECT.',
    });
  }
  const references = fields.map(({ dataTypeID, dataTypeModifier }) => ({ id: dataTypeID, modifier: dataTypeModifier }));
  const types = await resolveTypes(session, references, options);
  const required = MAKES_NULLS.test(sql) ? new Set<number>() : await requiredOf(session, fields, options);
  return {
    server: session.version.name,
    kind: 'query',
    relation: null,
    columns: fields.map(({ name }, index) => {
      const resolved = types[index];
      if (resolved === undefined) throw new AtlasError('ATLAS_INTERNAL', `the type of column ${index} was not found`);
      return { name, type: resolved.type, nullable: !required.has(index), comment: null };
    }),
    primaryKey: [],
    estimatedRows: null,
    estimatedBytes: null,
  };
}

/** Places of the columns that are columns of tables, and never NULL there. */
async function requiredOf(
  session: Session,
  fields: readonly { readonly tableID: number; readonly columnID: number }[],
  options: Abortable,
): Promise<ReadonlySet<number>> {
  const list = (values: readonly number[]): string => `{${values.join(',')}}`;
  const values = [list(fields.map(({ tableID }) => tableID)), list(fields.map(({ columnID }) => columnID))];
  const rows = await session.rows({ sql: REQUIRED, values, written: [] }, 'describing the query', options);
  return new Set(rows.map(([place]) => Number(place) - 1));
}
