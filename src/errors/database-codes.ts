import { type Entry, entry } from './code-entry.ts';

/** The codes of databases. */
export const DATABASE_CODES = {
  ATLAS_DB_COLUMN_MISSING: entry(
    1,
    'A feature, or a key of the source, names a column that the table does not have.',
    'Set `from` to the name in the table.',
  ),
  ATLAS_DB_TABLE_MISSING: entry(
    1,
    'A table is not there, or this user may not see it.',
    'Check the name, its schema, and the grants of the user.',
  ),
  ATLAS_DB_TYPE: entry(1, 'A column has a type that no feature can hold.', 'Leave it out, or cast it in a query.'),
} as const satisfies Readonly<Record<string, Entry>>;
