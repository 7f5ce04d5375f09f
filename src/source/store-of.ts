import { AtlasError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { InputAccess } from './input.ts';

/** The store of an input. Fails with ATLAS_CONNECTION_UNKNOWN, ATLAS_HDFS_*. */
export async function storeOf(name: string, { stores }: InputAccess): Promise<Store> {
  if (stores) return stores.of(name);
  throw new AtlasError('ATLAS_INTERNAL', `no stores were given to find ${name} in`);
}
