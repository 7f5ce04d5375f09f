import { inject } from 'vitest';
import { askBroker } from '../broker/ask-broker.ts';
import { attachHadoop, type Hadoop, type HadoopFacts } from './start-hadoop.ts';

/**
 * The Hadoop of this run of the tests, started when the first file asks. One that runs already can be named by `ATLAS_HADOOP` (JSON
 * of its facts). Disposing it does nothing: whoever started it stops it.
 */
export async function sharedHadoop(): Promise<Hadoop> {
  const running = process.env['ATLAS_HADOOP'];
  const facts = running ?? (await askBroker(inject('serviceBroker'), 'hadoop'));
  return attachHadoop(JSON.parse(facts) as HadoopFacts);
}
