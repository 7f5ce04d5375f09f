import { randomBytes } from 'node:crypto';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import type { PostgresFacts } from '../../services/postgres/start-postgres.ts';

/** A role that may sign in and no more, and URLs of the database as that role; dropped with what it owns. */
export interface LedgerRole extends AsyncDisposable {
  readonly name: string;
  readonly password: string;
  readonly url: string;
}

/** A role of a database, with a password that would be seen anywhere. */
export async function makeRole(database: PostgresDatabase): Promise<LedgerRole> {
  const name = `atlas_${randomBytes(6).toString('hex')}`;
  const password = `geheim${randomBytes(6).toString('hex')}`;
  await database.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
  const url = new URL(database.url);
  [url.username, url.password] = [name, password];
  return {
    name,
    password,
    url: url.href,
    async [Symbol.asyncDispose]() {
      await database.query(`DROP OWNED BY ${name} CASCADE; DROP ROLE ${name}`);
    },
  };
}

/** A database whose role may make schemas in it. */
export async function withLedgerOwner(
  server: PostgresFacts,
  work: (database: PostgresDatabase, owner: LedgerRole) => Promise<void>,
): Promise<void> {
  await using database = await makePostgresDatabase(server);
  await using owner = await makeRole(database);
  await database.query(`GRANT CREATE ON DATABASE ${database.name} TO ${owner.name}`);
  await work(database, owner);
}
