import { inject } from 'vitest';
import { askBroker } from '../broker/ask-broker.ts';
import { describeWithServer } from '../describe-with-server.ts';
import { sharedHadoop } from '../hadoop/shared-hadoop.ts';
import type { Hadoop } from '../hadoop/start-hadoop.ts';
import type { HttpFs } from './start-http-fs.ts';

/** An HttpFS, and the HDFS behind it. */
export interface Gateway extends AsyncDisposable {
  readonly httpFs: Pick<HttpFs, 'url' | 'pid'>;
  readonly hadoop: Hadoop;
}

/** Tests against the real HttpFS that all test files share, in front of the HDFS that they share; see `describeWithHadoop`. */
export function describeWithHttpFs(name: string, body: (gateway: () => Gateway) => void): void {
  const attach = async (): Promise<Gateway> => ({
    hadoop: await sharedHadoop(),
    httpFs: JSON.parse(await askBroker(inject('serviceBroker'), 'httpfs')),
    [Symbol.asyncDispose]: async () => {},
  });
  describeWithServer(name, ['java', 'mvn'], attach, body);
}
