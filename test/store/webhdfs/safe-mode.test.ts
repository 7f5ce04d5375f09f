import { expect, it } from 'vitest';
import { openStores } from '../../../src/registry.ts';
import { describeWithServer } from '../../services/describe-with-server.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';
import { startHadoop } from '../../services/hadoop/start-hadoop.ts';

const through = { signal: new AbortController().signal };
const ADMIN = 'org.apache.hadoop.hdfs.tools.DFSAdmin';

describeWithServer('a NameNode in safe mode', ['java', 'mvn'], startHadoop, (hadoop) => {
  it('is asked for patience in vain, loses nothing, and is written to once it has left it', {
    timeout: 120_000,
  }, async () => {
    const patience = { attempts: 3, timeouts: { wait_ms: 10 } };
    await using stores = openStores({ lake: hdfsConnection(hadoop(), patience) });
    const store = await stores.of('hdfs://lake/x');
    await store.makeFolders('hdfs://lake/old', through);
    await hadoop().run(ADMIN, ['-safemode', 'enter']);
    const refused = { code: 'ATLAS_HDFS_UNAVAILABLE', message: expect.stringContaining('SafeModeException') };
    await expect(store.makeFolders('hdfs://lake/new', through)).rejects.toMatchObject(refused);
    await expect(store.rename('hdfs://lake/old', 'hdfs://lake/new', through)).rejects.toMatchObject(refused);
    await expect(store.remove('hdfs://lake/old', through)).rejects.toMatchObject(refused);
    await expect(store.lock('hdfs://lake/old', 'a', 'run', through)).rejects.toMatchObject(refused);
    expect(await store.look('hdfs://lake/old', through)).toMatchObject({ kind: 'folder' });
    await hadoop().run(ADMIN, ['-safemode', 'leave']);
    await store.rename('hdfs://lake/old', 'hdfs://lake/new', through);
    expect(await store.list('hdfs://lake/new', through)).toEqual([]);
  });
});
