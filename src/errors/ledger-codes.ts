import { type Entry, entry } from './code-entry.ts';

/** The codes of the ledger. */
export const LEDGER_CODES = {
  ATLAS_LEDGER_UNAVAILABLE: entry(
    75,
    'The ledger could not be opened or written.',
    'A file: check the state folder; it must be on a local disk. A server: check that it can be reached.',
    true,
  ),
  ATLAS_LEDGER_VERSION: entry(2, 'The ledger was written by a newer version.', 'Upgrade atlas-ingest.'),
  ATLAS_LEDGER_URL: entry(
    2,
    'ATLAS_LEDGER cannot be understood.',
    'Write postgresql://user@host:5432/database, or the path of a file.',
  ),
  ATLAS_LEDGER_AUTH: entry(
    1,
    'The database server of the ledger does not let this user in.',
    'Check user and password (ATLAS_LEDGER, PGPASSWORD, ~/.pgpass) and pg_hba.conf of the server.',
  ),
  ATLAS_LEDGER_DENIED: entry(
    1,
    'The user of the ledger has not the rights it needs.',
    'Let the owner of the database grant them.',
  ),
  ATLAS_LEDGER_DATABASE: entry(
    1,
    'The database of the ledger does not exist, or is none that can hold one.',
    'Create it with encoding UTF8, or name another one.',
  ),
  ATLAS_LEDGER_TLS: entry(
    1,
    'The connection to the ledger cannot be trusted.',
    'Give the certificate authority by sslrootcert, or say by sslmode how the server is to be trusted.',
  ),
} as const satisfies Readonly<Record<string, Entry>>;
