import { AtlasError } from '../errors.ts';

/**
 * Writes any name so that the server reads it as that name and nothing else: PostgreSQL `"a""b"`, MySQL `` `a``b` ``.
 * Fails with ATLAS_META_INVALID where it holds a NUL, which no server can.
 */
export function quoteIdentifier(type: 'postgresql' | 'mysql', name: string): string {
  if (name === '' || name.includes('\0')) {
    throw new AtlasError('ATLAS_META_INVALID', `${JSON.stringify(name)} cannot be the name of a table or column`);
  }
  return type === 'postgresql' ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll('`', '``')}\``;
}

/** A schema's table, quoted. */
export function quoteRelation(
  type: 'postgresql' | 'mysql',
  { schema, name }: { readonly schema: string | null; readonly name: string },
): string {
  const table = quoteIdentifier(type, name);
  return schema === null ? table : `${quoteIdentifier(type, schema)}.${table}`;
}
