import { describeWithServer } from '../describe-with-server.ts';
import { sharedHadoop } from './shared-hadoop.ts';
import type { Hadoop } from './start-hadoop.ts';

/**
 * Tests against the real NameNode and DataNode that all test files share: use a folder of your own in it, and break nothing. Skipped,
 * with the reason in their name, where Java or Maven is missing.
 */
export function describeWithHadoop(name: string, body: (hadoop: () => Hadoop) => void): void {
  describeWithServer(name, ['java', 'mvn'], sharedHadoop, body);
}
