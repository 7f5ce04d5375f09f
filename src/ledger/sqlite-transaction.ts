import type Database from 'libsql';

/**
 * Does all of `work` in one transaction, or nothing of it. It takes the write lock before it reads anything, so that it
 * waits for other processes at its start and never fails for them in the middle.
 */
export function sqliteTransaction(database: Database.Database, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** SQLite may have rolled back already, after an I/O error; the error that led here is the one to tell. */
function rollBack(database: Database.Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // nothing is open any more
  }
}
