import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStores, type Stores } from '../../../src/registry.ts';
import type { Store } from '../../../src/store/store.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';

const through = { signal: new AbortController().signal };
const BLOCK = 1 << 20;

describeWithHadoop('proof of what HDFS holds', (hadoop) => {
  const root = `hdfs://lake/proof/${randomBytes(6).toString('hex')}`;
  let stores: Stores;
  let store: Store;
  beforeAll(async () => {
    stores = openStores({ lake: hdfsConnection(hadoop(), { block_size: BLOCK }) });
    store = await stores.of(root);
    await store.makeFolders(root, through);
  });
  afterAll(async () => {
    await store.remove(root, through);
    await stores[Symbol.asyncDispose]();
  });

  const prove = async (name: string, pieces: readonly (number | 'suspend')[], from: Store = store) => {
    const total = pieces.reduce<number>((sum, piece) => sum + (piece === 'suspend' ? 0 : piece), 0);
    const content = randomBytes(total);
    await using file = await from.create(`${root}/${name}`, 0o644, through);
    let at = 0;
    for (const piece of pieces) {
      if (piece === 'suspend') await file.suspend(through);
      else {
        await file.write(content.subarray(at, at + piece), through);
        at += piece;
      }
    }
    await file.sync(through);
    const proof = await file.prove(through);
    await file.close();
    return proof;
  };

  const one = 'MD5-of-0MD5-of-512CRC32C';
  const several = `MD5-of-${BLOCK / 512}MD5-of-512CRC32C`;
  it.each([
    [0, 'MD5-of-0MD5-of-0CRC32'],
    [1, one],
    [511, one],
    [512, one],
    [513, one],
    [BLOCK - 1, one],
    [BLOCK, one],
    [BLOCK + 1, several],
    [2 * BLOCK, several],
    [2 * BLOCK + 513, several],
    [3 * BLOCK, several],
    [4 * BLOCK, several],
    [4 * BLOCK + 1, several],
    [5 * BLOCK + 700, several],
  ])('%i bytes in blocks of 1 MiB', async (bytes, algorithm) => {
    const proof = await prove(`size-${bytes}`, bytes === 0 ? [] : [bytes]);
    expect(proof?.compared).toBe(`length and ${algorithm}`);
    expect(proof?.checksum).toEqual(await store.askChecksum(`${root}/size-${bytes}`, through));
  });

  it('pieces of any size, and appends after any of them', async () => {
    const pieces = [1, 700, 'suspend', 3, 'suspend', BLOCK - 704, 'suspend', 512, 5, 'suspend', 2 * BLOCK, 77] as const;
    expect((await prove('pieces', pieces))?.compared).toBe(`length and ${several}`);
  });

  it('a block size that only the server knows', async () => {
    await using plain = openStores({ lake: hdfsConnection(hadoop()) });
    const proof = await prove('plain', [9 << 20, 9 << 20, 'suspend', 123], await plain.of(root));
    expect(proof?.compared).toBe(`length and ${one}`);
  });

  it('other bytes of the same length are told, by both checksums', async () => {
    await using file = await store.create(`${root}/damaged`, 0o644, through);
    await file.write(Buffer.alloc(1000, 1), through);
    await file.sync(through);
    await store.remove(`${root}/damaged`, through);
    await using other = await store.create(`${root}/damaged`, 0o644, through);
    await other.write(Buffer.alloc(1000, 2), through);
    await other.sync(through);
    await expect(file.prove(through)).rejects.toMatchObject({
      code: 'ATLAS_STORE_CORRUPT',
      message: expect.stringMatching(
        /damaged: HDFS holds MD5-of-0MD5-of-512CRC32C [0-9a-f]{56}, what was written has [0-9a-f]{56}$/,
      ),
    });
  });
});
