import { randomBytes } from 'node:crypto';
import { openStores } from '../../../src/registry.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import { describeWithHttpFs } from '../../services/httpfs/describe-with-http-fs.ts';
import { describeStore } from './describe-store.ts';

const through = { signal: new AbortController().signal };

describeWithHttpFs('on HttpFS', (gateway) => {
  describeStore('httpfs', async () => {
    const stores = openStores({ lake: hdfsConnection(gateway().httpFs, { api: 'httpfs' }) });
    const root = `hdfs://lake/tmp/${randomBytes(6).toString('hex')}`;
    const store = await stores.of(root);
    await store.makeFolders(root, through);
    const dispose = async (): Promise<void> => {
      await store.remove(root, through);
      await stores[Symbol.asyncDispose]();
    };
    return { store, root, [Symbol.asyncDispose]: dispose };
  });
});
