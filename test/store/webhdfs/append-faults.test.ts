import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { openStores } from '../../../src/registry.ts';
import { AFTERWARDS, type FaultKind, INSTEAD } from '../../services/fault-proxy/fault.ts';
import { FaultProxy } from '../../services/fault-proxy/fault-proxy.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';

const through = { signal: new AbortController().signal };
const TIMEOUTS = { connect_ms: 10_000, idle_ms: 3000, call_ms: 6000 };
/** Of these a server has done all that it was asked, and would have said so. */
const DONE: ReadonlySet<FaultKind> = new Set(['drop-answer', 'reset-answer', 'truncated', 'nonsense', 'slow-loris']);

describeWithHadoop('an append that something goes wrong with', (hadoop) => {
  const root = `hdfs://lake/appended/${randomBytes(6).toString('hex')}`;

  it.each([...AFTERWARDS, ...INSTEAD])(
    '%s: the file is whole and proven, or it is dead; nothing is appended twice',
    async (kind) => {
      await using proxy = await FaultProxy.start(hadoop().url);
      const connection = hdfsConnection({ url: `${proxy.url}/webhdfs/v1` }, { timeouts: TIMEOUTS, attempts: 3 });
      await using stores = openStores({ lake: connection });
      const store = await stores.of(root);
      const folder = `${root}/${kind}`;
      await using plain = openStores({ lake: hdfsConnection(hadoop()) });
      const unharmed = await plain.of(root);
      await unharmed.makeFolders(folder, through);
      try {
        const content = randomBytes(300_000);
        await using file = await store.create(`${folder}/f`, 0o644, through);
        await file.write(content.subarray(0, 100_001), through);
        await file.suspend(through);
        proxy.arm([{ step: 'APPEND 2', at: 0, times: 1, kind }]);
        const outcome = await (async () => {
          await file.write(content.subarray(100_001), through);
          await file.sync(through);
          return file.prove(through);
        })().catch((error: unknown) => error);
        await proxy.settled();
        expect(proxy.seen.filter(({ step }) => step === 'APPEND 2').length).toBe(1);
        proxy.arm([]);
        if (outcome instanceof Error) {
          expect(outcome).toBeInstanceOf(AtlasError);
          expect(DONE.has(kind), outcome.message).toBe(false);
          await expect(file.write(content, through)).rejects.toBe(outcome);
          await expect(file.sync(through)).rejects.toBe(outcome);
        } else {
          expect(outcome).toMatchObject({ compared: 'length and MD5-of-0MD5-of-512CRC32C' });
          expect(await unharmed.checksum(`${folder}/f`, through)).toBe(
            createHash('sha256').update(content).digest('hex'),
          );
        }
      } finally {
        proxy.arm([]);
        await unharmed.remove(folder, through);
      }
    },
    30_000,
  );
});
