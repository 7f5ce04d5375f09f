import { dirname } from 'node:path';
import type { InputAccess } from './input.ts';
import { storeOf } from './store-of.ts';

/** The folder on the way to a name in a store that is nearest to it, and there; at last the root (`hdfs://lake`). */
export async function nearestFolder(name: string, access: InputAccess): Promise<string> {
  const store = await storeOf(name, access);
  for (let at = dirname(name); dirname(dirname(at)) !== '.'; at = dirname(at)) {
    if ((await store.look(at, access)).kind === 'folder') return at;
  }
  return /^[^:]+:\/\/[^/]*/.exec(name)?.[0] ?? name;
}
