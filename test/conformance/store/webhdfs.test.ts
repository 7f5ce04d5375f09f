import { openStores } from '../../../src/registry.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import { describeStore } from './describe-store.ts';
import { hdfsStoreBed } from './hdfs-store-bed.ts';

describeWithHadoop('on HDFS', (hadoop) => {
  describeStore('webhdfs', async () => {
    const stores = openStores({ lake: hdfsConnection(hadoop()) });
    const bed = await hdfsStoreBed(stores);
    const dispose = async (): Promise<void> => {
      await bed[Symbol.asyncDispose]();
      await stores[Symbol.asyncDispose]();
    };
    return { ...bed, [Symbol.asyncDispose]: dispose };
  });
});
