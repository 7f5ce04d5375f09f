import { randomBytes } from 'node:crypto';
import type { Stores } from '../../../src/registry.ts';
import type { StoreBed } from './describe-store.ts';

const through = { signal: new AbortController().signal };

/** A new folder on the connection `lake`, removed afterwards; the stores stay their opener's. */
export async function hdfsStoreBed(stores: Stores): Promise<StoreBed> {
  const root = `hdfs://lake/tmp/${randomBytes(6).toString('hex')}`;
  const store = await stores.of(root);
  await store.makeFolders(root, through);
  return { store, root, [Symbol.asyncDispose]: () => store.remove(root, through) };
}
