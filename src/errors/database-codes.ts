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
  ATLAS_DB_COLUMN_TWICE: entry(1, 'Two columns of a query have one name.', 'Name them apart in the query (AS).'),
  ATLAS_DB_TYPE: entry(
    1,
    'A column has a type that its feature, or any feature, cannot hold.',
    'Declare the type in the message, leave the column out, or cast it in a query.',
  ),
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
  ATLAS_DB_UNREACHABLE: entry(
    75,
    'A database server could not be reached.',
    'Check host and port, that the server runs, and firewalls; atlas-ingest doctor tries step by step.',
    true,
  ),
  ATLAS_DB_BUSY: entry(
    75,
    'A database server takes no more sessions, is starting or stopping, or gave precedence to something else.',
    'Try again later.',
    true,
  ),
  ATLAS_DB_LOST: entry(
    75,
    'The connection to a database server was lost; nothing was published.',
    "Run again; look into the server's log.",
    true,
  ),
  ATLAS_DB_TIMEOUT: entry(
    75,
    'A database server did not answer in time.',
    'Try again later, or raise connect_ms, statement_ms or idle_ms in timeouts of the connection.',
    true,
  ),
  ATLAS_DB_AUTH: entry(1, 'A database server did not let this user in.', 'Check user, password and database.'),
  ATLAS_DB_TLS: entry(
    1,
    'TLS with a database server could not be set up, or its certificate is not trusted.',
    'Name its certificates in tls.ca, and its name in tls.server_name.',
  ),
  ATLAS_DB_DENIED: entry(1, 'This user may not read that.', 'Grant what the message names.'),
  ATLAS_DB_DATABASE_MISSING: entry(1, 'A database does not exist on its server.', 'Check database.'),
  ATLAS_DB_QUERY: entry(1, 'A database server refused or failed a statement.', 'The message is that of the server.'),
  ATLAS_DB_CHANGED: entry(
    1,
    'A table changed after its load was planned, or while readers began.',
    'Run again once the change is complete.',
    true,
  ),
  ATLAS_DB_SNAPSHOT: entry(
    1,
    'Readers cannot be brought to see the same snapshot.',
    'Connect to the server itself instead of a proxy or pool, or set workers to 1.',
  ),
  ATLAS_DB_SPLIT: entry(
    1,
    'A table cannot be split by that column.',
    'Split by an integer, date, timestamp or uuid column.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;
