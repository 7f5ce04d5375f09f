import { AtlasError } from '../../../errors.ts';

/** Types whose values bound ranges, by what the server calls them without a modifier, and as what they are compared. */
const KEY_TYPES: Readonly<Record<string, string>> = {
  smallint: 'bigint',
  integer: 'bigint',
  bigint: 'bigint',
  numeric: 'numeric',
  date: 'date',
  'timestamp without time zone': 'timestamp without time zone',
  'timestamp with time zone': 'timestamp with time zone',
  uuid: 'uuid',
};

/**
 * A bound of a range, as SQL: quoted, and of a type that is compared with the column's through its index. `serverType` as the server
 * writes it (`numeric(12,2)`). Fails with ATLAS_INTERNAL where bounds of that type are not known.
 */
export function keyLiteral(value: string, serverType: string): string {
  const type = KEY_TYPES[withoutModifier(serverType)];
  if (type === undefined) throw new AtlasError('ATLAS_INTERNAL', `no range is bounded by a ${serverType}`);
  // without standard_conforming_strings a backslash would mean something
  if (value.includes('\\') || value.includes('\0')) {
    throw new AtlasError('ATLAS_INTERNAL', `a bound of type ${serverType} holds a character that no value of it has`);
  }
  return `'${value.replaceAll("'", "''")}'::${type}`;
}

/** `timestamp(3) without time zone` → `timestamp without time zone`. */
export function withoutModifier(serverType: string): string {
  return serverType.replace(/\(\s*-?\d+(\s*,\s*-?\d+)?\s*\)/, '');
}
