import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { WebHdfsStore } from '../../../src/store/webhdfs/web-hdfs-store.ts';
import { type Hadoop, startHadoop } from '../../services/hadoop/start-hadoop.ts';
import { describeStore } from './describe-store.ts';

const through = { signal: new AbortController().signal };
let hadoop: Hadoop;
beforeAll(async () => {
  hadoop = await startHadoop();
}, 300_000);
afterAll(() => hadoop[Symbol.asyncDispose]());

describeStore('webhdfs', async () => {
  const store = new WebHdfsStore({
    name: 'lake',
    urls: [hadoop.url],
    user: process.env['USER'] ?? 'root',
    token: null,
    redirectHosts: null,
    ca: null,
    limits: { connect: 5_000, idle: 30_000, call: 30_000 },
    attempts: 5,
    permission: null,
    replication: 1,
    blockSize: null,
  });
  const root = `/tmp/${randomBytes(6).toString('hex')}`;
  await store.makeFolders(root, through);
  return { store, root, [Symbol.asyncDispose]: () => store.remove(root, through) };
});
