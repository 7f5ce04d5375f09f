import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type Database from 'libsql';
import { AtlasError } from '../errors.ts';
import { networkFileSystem } from './network-file-system.ts';
import { MIGRATIONS, SCHEMA_VERSION } from './sqlite-schema.ts';
import { sqliteTransaction } from './sqlite-transaction.ts';

/** How long one process waits for another's transaction. */
const BUSY_MS = 10_000;

/**
 * Opens the SQLite file at `path`, making folder (0700) and file (0600) where they are missing, and brings its tables up
 * to date. Write-ahead log and `synchronous=FULL`: a transaction is in the log and synced before it counts, and stands
 * after a power cut. A rollback journal would need its unlinking synced too.
 * Fails with ATLAS_LEDGER_UNAVAILABLE (also on a network file system) or ATLAS_LEDGER_VERSION.
 */
export async function openSqliteFile(path: string): Promise<Database.Database> {
  await prepare(path);
  const { default: Sqlite } = await import('libsql');
  return ledgerStep('open', path, () => {
    const database = new Sqlite(path);
    try {
      database.pragma(`busy_timeout=${BUSY_MS}`);
      database.pragma('journal_mode=WAL');
      database.pragma('synchronous=FULL');
      migrate(database, path);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Runs one step on the ledger and maps what it throws. */
export function ledgerStep<T>(what: string, path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw unavailable(what, path, error);
  }
}

async function prepare(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await makeFolders(folder);
    const network = await networkFileSystem(folder);
    if (network !== null) {
      const hint = 'Keep the state on a local disk: --state, ATLAS_STATE or ATLAS_LEDGER.';
      throw new AtlasError('ATLAS_LEDGER_UNAVAILABLE', `${path} is on a network file system (${network})`, { hint });
    }
    // SQLite gives its log the permissions of the file itself.
    await (await open(path, 'a', 0o600)).close();
  } catch (error) {
    throw unavailable('open', path, error);
  }
}

/** Like `mkdir -p`; Node's own never ends where a file system refuses a folder by ENOENT. */
async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || (await stat(parent).catch(() => null)) !== null) throw error;
    await makeFolders(parent);
    await mkdir(folder, { mode: 0o700 });
  }
}

function migrate(database: Database.Database, path: string): void {
  if (versionOf(database) === SCHEMA_VERSION) return;
  sqliteTransaction(database, () => {
    database.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT');
    const found = versionOf(database);
    if (found > SCHEMA_VERSION) {
      const message = `${path} has version ${found}, this program knows ${SCHEMA_VERSION}`;
      throw new AtlasError('ATLAS_LEDGER_VERSION', message);
    }
    for (const step of MIGRATIONS.slice(found)) database.exec(step);
    database.exec('DELETE FROM schema_version');
    database.prepare('INSERT INTO schema_version VALUES (?)').run(SCHEMA_VERSION);
  });
}

function versionOf(database: Database.Database): number {
  const known = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'").get();
  if (known === undefined) return 0;
  const row = database.prepare('SELECT version FROM schema_version').get() as { version: number } | undefined;
  return row?.version ?? 0;
}

function unavailable(what: string, path: string, error: unknown): AtlasError {
  if (error instanceof AtlasError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message = `could not ${what} the ledger at ${path}: ${reason}`;
  return new AtlasError('ATLAS_LEDGER_UNAVAILABLE', message, { cause: error, place: { file: path } });
}
