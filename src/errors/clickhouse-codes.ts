import { type Entry, entry } from './code-entry.ts';

/** The codes of ClickHouse, servers and the embedded engine. */
export const CLICKHOUSE_CODES = {
  ATLAS_CH_UNREACHABLE: entry(
    75,
    'A ClickHouse server could not be reached.',
    'Check url, that the server runs, and firewalls; atlas-ingest doctor tries step by step.',
    true,
  ),
  ATLAS_CH_REFUSED: entry(
    1,
    'A ClickHouse server did not let this user in, or its certificate is not trusted.',
    'Check user, password, tls and url of the connection.',
  ),
  ATLAS_CH_BUSY: entry(
    75,
    'A ClickHouse server is short of memory, has too many statements or parts, or is starting or stopping.',
    'Try again later.',
    true,
  ),
  ATLAS_CH_LOST: entry(
    75,
    'The connection to ClickHouse ended before the answer: nobody knows whether the statement was carried out.',
    'Nothing was repeated. Run again: the next run looks at the tables first, and settles what it finds.',
    true,
  ),
  ATLAS_CH_STATEMENT: entry(
    1,
    'ClickHouse refused or failed a statement.',
    'The number and name are those of the server.',
  ),
  ATLAS_CH_PROTOCOL: entry(
    1,
    'What answers is no ClickHouse, or an answer cannot be read as one.',
    'Check host, port and path of url (8123 and 8443 are usual); look for a proxy between here and the server.',
  ),
  ATLAS_CH_TOO_OLD: entry(1, 'The ClickHouse server is too old.', 'Upgrade it to the version in the message.'),
  ATLAS_CH_GRANT: entry(1, 'This user lacks a grant.', 'Grant what the message names.'),
  ATLAS_CH_ENGINE_LOCKED: entry(
    4,
    'Another process has the data directory of the embedded engine open.',
    'Wait until it has ended; one process at a time can have a data directory.',
    true,
  ),
  ATLAS_CH_ENGINE_MISSING: entry(
    1,
    'The embedded engine is not installed.',
    'Run: npm install chdb@3.4.0 (prebuilt for Linux with glibc and macOS, on x64 and arm64).',
  ),
  ATLAS_CH_ENGINE_DIED: entry(
    75,
    'The process of the embedded engine ended unexpectedly.',
    'Check memory (dmesg tells of the OOM killer) and disk space; run again: what was under way is settled first.',
    true,
  ),
  ATLAS_CH_COLUMNS: entry(
    1,
    'The columns of the table are not those of the features.',
    'Mend the features or the table, or set on_drift to evolve.',
  ),
  ATLAS_CH_VIEWS: entry(
    1,
    'Materialized views hang on the table, and would not see this load.',
    'Set on_views to bypass, or to direct, if that is all right.',
  ),
  ATLAS_CH_TABLE_MISSING: entry(
    1,
    'The table is not there.',
    'Check its name and database, or let create_table make it.',
  ),
  ATLAS_CH_COMMIT_UNKNOWN: entry(
    1,
    'It cannot be told whether the staged rows are in the table.',
    'Compare the two tables in the message, keep the right rows, drop the staging table, then run again.',
  ),
  ATLAS_CH_ATOMIC: entry(
    1,
    'Tables of this database cannot be exchanged in one step.',
    'Use a database with ENGINE = Atomic (or Replicated).',
  ),
} as const satisfies Readonly<Record<string, Entry>>;
