import { describe } from 'vitest';
import { describeWithServer } from '../describe-with-server.ts';
import { mariadbPrograms } from './mariadb-programs.ts';
import type { MariadbServer } from './mariadb-server.ts';
import { type Mariadb, sharedMariadb } from './shared-mariadb.ts';
import { type MariadbOptions, startMariadb } from './start-mariadb.ts';

/**
 * Tests against the real MariaDB that all test files share: make a database of your own in it (`makeMariadbDatabase`), and break
 * nothing. Skipped, with the reason in their name, where there is none.
 */
export function describeWithMariadb(name: string, body: (mariadb: () => Mariadb) => void): void {
  if (process.env['ATLAS_MARIADB'] === undefined && mariadbPrograms() === null) skip(name);
  else describeWithServer(name, [], sharedMariadb, body);
}

/** Tests against a MariaDB of their own, which they may break and configure. */
export function describeWithOwnMariadb(
  name: string,
  options: MariadbOptions,
  body: (mariadb: () => MariadbServer) => void,
): void {
  if (mariadbPrograms() === null) skip(name);
  else describeWithServer(name, options.tls === true ? ['openssl'] : [], () => startMariadb(options), body);
}

function skip(name: string): void {
  describe.skip(`${name} (needs MariaDB: mariadbd and mariadb-install-db)`, () => {});
}
