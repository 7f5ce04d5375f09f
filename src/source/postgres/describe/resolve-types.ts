import type { Abortable } from '../../../flow/source.ts';
import type { ServerType } from '../../../flow/table-description.ts';
import type { Session } from '../connection/session.ts';
import { serverType } from './server-type.ts';

/** OID and modifier of a type, as columns carry them. */
export interface TypeReference {
  readonly id: number;
  readonly modifier: number;
}

export interface ResolvedType {
  readonly type: ServerType;
  /** A domain on the way forbids NULL. */
  readonly required: boolean;
}

/** From domains to what they stand for, and from arrays to their elements, which may be domains again. */
const RESOLVE = `
WITH RECURSIVE step(place, id, modifier, required, is_array, sql) AS (
  SELECT asked.place, asked.id, asked.modifier, false, false, NULL::text
  FROM unnest($1::oid[], $2::int[]) WITH ORDINALITY AS asked(id, modifier, place)
  UNION ALL
  SELECT step.place,
    CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END,
    CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE step.modifier END,
    step.required OR (t.typnotnull AND NOT step.is_array),
    step.is_array OR t.typtype <> 'd',
    CASE WHEN t.typtype = 'd' THEN step.sql ELSE coalesce(step.sql, format_type(step.id, step.modifier)) END
  FROM step JOIN pg_catalog.pg_type AS t ON t.oid = step.id
  LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem
  WHERE t.typtype = 'd' OR e.typarray = t.oid
)
SELECT t.typname, n.nspname = 'pg_catalog', t.typtype, step.is_array, step.modifier,
  coalesce(step.sql, format_type(step.id, step.modifier)), step.required
FROM step JOIN pg_catalog.pg_type AS t ON t.oid = step.id
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem
WHERE t.typtype <> 'd' AND e.typarray IS DISTINCT FROM t.oid
ORDER BY step.place`;

/** What types are, in the order in which they are asked for. Fails with ATLAS_DB_*. */
export async function resolveTypes(
  session: Session,
  references: readonly TypeReference[],
  options: Abortable,
): Promise<readonly ResolvedType[]> {
  if (references.length === 0) return [];
  const list = (values: readonly number[]): string => `{${values.join(',')}}`;
  const values = [list(references.map(({ id }) => id)), list(references.map(({ modifier }) => modifier))];
  const rows = await session.rows({ sql: RESOLVE, values, written: [] }, 'describing types', options);
  return rows.map(([name = '', builtIn, category = '', array, modifier, sql = '', required]) => ({
    type: serverType({
      name: name ?? '',
      builtIn: builtIn === 't',
      category: category ?? '',
      array: array === 't',
      modifier: Number(modifier),
      sql: sql ?? '',
    }),
    required: required === 't',
  }));
}
