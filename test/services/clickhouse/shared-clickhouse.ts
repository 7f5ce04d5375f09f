import { inject } from 'vitest';
import { askBroker } from '../broker/ask-broker.ts';
import { askForRows } from './ask-clickhouse.ts';
import type { ClickhouseFacts } from './clickhouse-facts.ts';

/** A ClickHouse that somebody else started and will stop. */
export interface Clickhouse extends ClickhouseFacts, AsyncDisposable {
  /** Rows of a query as objects; 64-bit integers are text. For looking and making tables, not for loads. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
}

/**
 * The ClickHouse of this run of the tests, started when the first file asks. One that runs already can be named by `ATLAS_CLICKHOUSE`
 * (JSON of its facts). Disposing it does nothing: whoever started it stops it.
 */
export async function sharedClickhouse(): Promise<Clickhouse> {
  const text = process.env['ATLAS_CLICKHOUSE'] ?? (await askBroker(inject('serviceBroker'), 'clickhouse'));
  const facts = JSON.parse(text) as ClickhouseFacts;
  return { ...facts, query: (sql) => askForRows(facts, sql), [Symbol.asyncDispose]: async () => {} };
}
