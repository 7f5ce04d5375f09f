import { inject } from 'vitest';
import { askBroker } from '../broker/ask-broker.ts';
import type { PostgresFacts } from './start-postgres.ts';

/** A PostgreSQL that somebody else started and will stop. */
export interface Postgres extends PostgresFacts, AsyncDisposable {}

/**
 * The PostgreSQL of this run of the tests, started when the first file asks. One that runs already can be named by `ATLAS_POSTGRES`
 * (JSON of its facts). Disposing it does nothing: whoever started it stops it.
 */
export async function sharedPostgres(): Promise<Postgres> {
  const facts = process.env['ATLAS_POSTGRES'] ?? (await askBroker(inject('serviceBroker'), 'postgres'));
  return { ...(JSON.parse(facts) as PostgresFacts), [Symbol.asyncDispose]: async () => {} };
}
