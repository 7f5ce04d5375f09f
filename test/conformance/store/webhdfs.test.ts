import { randomBytes } from 'node:crypto';
import { WebHdfsStore } from '../../../src/store/webhdfs/web-hdfs-store.ts';
import { describeStore } from './describe-store.ts';

const through = { signal: new AbortController().signal };

describeStore('webhdfs', async () => {
  const store = new WebHdfsStore({
    name: 'lake',
    urls: ['http://127.0.0.1:19870/webhdfs/v1'],
    user: 'root',
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
