import { randomBytes } from 'node:crypto';
import { openStores } from '../../../src/registry.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import { describeStore } from './describe-store.ts';

const through = { signal: new AbortController().signal };

describeWithHadoop('on HDFS', (hadoop) => {
  describeStore('webhdfs', async () => {
    const stores = openStores({ lake: hdfsConnection(hadoop()) });
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
