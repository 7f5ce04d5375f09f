import { openStores } from '../../../src/registry.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import { describeWithHttpFs } from '../../services/httpfs/describe-with-http-fs.ts';
import { describeStore } from './describe-store.ts';
import { hdfsStoreBed } from './hdfs-store-bed.ts';

describeWithHttpFs('on HttpFS', (gateway) => {
  describeStore('httpfs', async () => {
    const stores = openStores({ lake: hdfsConnection(gateway().httpFs, { api: 'httpfs' }) });
    const bed = await hdfsStoreBed(stores);
    const dispose = async (): Promise<void> => {
      await bed[Symbol.asyncDispose]();
      await stores[Symbol.asyncDispose]();
    };
    return { ...bed, [Symbol.asyncDispose]: dispose };
  });
});
