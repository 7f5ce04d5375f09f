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
  ATLAS_DB_PROTOCOL: entry(
    1,
    'A database server sends what its protocol does not allow, or columns that are not those that were asked for.',
    'Look for a proxy between here and the server; report it with the versions of both.',
  ),
  ATLAS_DB_ROW_TOO_LONG: entry(
    1,
    'A row of a table is longer than max_row_bytes.',
    'Raise max_row_bytes of the source.',
  ),
  ATLAS_DB_NULL: entry(1, 'A value is null and its feature is not nullable.', 'Set nullable to true, or mend the row.'),
  ATLAS_DB_UTF8: entry(1, 'A text of a table is not valid UTF-8.', 'Declare the feature as binary, or mend the row.'),
} as const satisfies Readonly<Record<string, Entry>>;
