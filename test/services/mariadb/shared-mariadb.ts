import { inject } from 'vitest';
import { askBroker } from '../broker/ask-broker.ts';
import type { MariadbFacts } from './start-mariadb.ts';

/** A MariaDB that somebody else started and will stop. */
export interface Mariadb extends MariadbFacts, AsyncDisposable {}

/**
 * The MariaDB of this run of the tests, started when the first file asks. One that runs already can be named by `ATLAS_MARIADB` (JSON
 * of its facts). Disposing it does nothing: whoever started it stops it.
 */
export async function sharedMariadb(): Promise<Mariadb> {
  const facts = process.env['ATLAS_MARIADB'] ?? (await askBroker(inject('serviceBroker'), 'mariadb'));
  return { ...(JSON.parse(facts) as MariadbFacts), [Symbol.asyncDispose]: async () => {} };
}
