import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ParquetFileWriter } from '../../src/encode/parquet/file-writer.ts';
import { openStores, type Stores } from '../../src/registry.ts';
import { PartFiles } from '../../src/sink/parquet/part-files.ts';
import { planOfFiles } from '../../src/sink/parquet/plan-of-files.ts';
import { likenessOf } from '../../src/sink/parquet/target-place.ts';
import type { Store } from '../../src/store/store.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { fragmentsFor, planFor, through } from './sink-bed.ts';

const PARTITIONS = 7;

describeWithHadoop('more partitions on HDFS than files may be open', (hadoop) => {
  const root = `hdfs://lake/parts/${randomBytes(6).toString('hex')}`;
  let stores: Stores;
  let store: Store;
  beforeAll(async () => {
    stores = openStores({ lake: hdfsConnection(hadoop()) });
    store = await stores.of(root);
    await store.makeFolders(root, through);
  });
  afterAll(async () => {
    await store.remove(root, through);
    await stores[Symbol.asyncDispose]();
  });

  it('appends to what was suspended, and proves every file', async () => {
    const plan = planFor(root, { folder: true, partitionBy: ['day'] });
    const files = planOfFiles(plan);
    const groups = [0, 1, 2].flatMap((round) =>
      Array.from({ length: PARTITIONS }, (_, n) => ({ rows: 50 + round, partition: `day=${n}` })),
    );
    const fragments = await fragmentsFor(plan, groups);
    const limits = { maxRowsPerFile: null, maxPartitions: 100, maxOpen: 3 };
    await using parts = new PartFiles(store, root, (onto) => new ParquetFileWriter(files, onto ?? null), limits);
    for (const fragment of fragments) await parts.write(fragment, through);
    const staged = await parts.finish(through);
    expect(staged).toHaveLength(PARTITIONS);
    for (const file of staged) {
      expect(file.rows).toBe(153);
      expect(file.proof?.compared).toBe('length and MD5-of-0MD5-of-512CRC32C');
      const path = `${root}/${file.path}`;
      expect(await store.checksum(path, through)).toBe(file.sha256);
      expect(await likenessOf(store, path, file, through)).toBe('same');
    }
  });

  it('recovery compares checksums, and reads only where they cannot be compared', async () => {
    const path = `${root}/recovered`;
    await using file = await store.create(path, 0o644, through);
    await file.write(randomBytes(2000), through);
    await file.sync(through);
    const proof = await file.prove(through);
    if (proof?.checksum === undefined || proof.checksum === null) throw new Error('nothing was proven');
    const sha256 = await store.checksum(path, through);
    const unread = { bytes: 2000, sha256: 'of nothing', proof };
    expect(await likenessOf(store, path, unread, through)).toBe('same');
    const value = proof.checksum.value.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    const other = { ...unread, proof: { ...proof, checksum: { ...proof.checksum, value } } };
    expect(await likenessOf(store, path, other, through)).toBe('other');
    const unknown = { ...proof, checksum: { algorithm: 'MD5-of-0MD5-of-4096CRC32', value } };
    expect(await likenessOf(store, path, { ...unread, proof: unknown }, through)).toBe('other');
    expect(await likenessOf(store, path, { bytes: 2000, sha256, proof: unknown }, through)).toBe('same');
    expect(await likenessOf(store, path, { ...unread, bytes: 2001 }, through)).toBe('other');
  });
});
