import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { booleanCall } from './call/boolean-call.ts';
import { type Call, LostAnswer } from './call/call.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { lookAt } from './look-at.ts';

/**
 * Removes a path, with all it holds where it is a folder; nothing there is fine. DELETE is by path: it is asked for again only where a look
 * after a lost answer still finds the very file that was to go. Fails with ATLAS_STORE_WRITE where something else stands there meanwhile.
 */
export async function removePath(nodes: NameNodes, path: string, options: StoreOptions): Promise<void> {
  const before = await lookAt(nodes, path, options);
  if (before.kind === 'absent') return;
  const { attempts } = nodes.plan;
  for (let attempt = 1; ; attempt += 1) {
    const lost = await deletePath(nodes, path, true, options).then(
      () => null,
      (error: unknown) => {
        if (error instanceof LostAnswer) return error;
        throw error;
      },
    );
    // `false` says that there was nothing; a look says whether there is nothing now.
    const now = await lookAt(nodes, path, options);
    if (now.kind === 'absent') return;
    if (lost === null || now.inode !== before.inode || attempt >= attempts) {
      throw new AtlasError('ATLAS_STORE_WRITE', `could not remove ${path}: there is a ${now.kind}`, {
        place: { file: path },
      });
    }
    await nodes.pause(attempt, options.signal);
  }
}

/**
 * Removes a path that is given once in the world, with all it holds: asking twice is asking once, and nothing else can have come to stand
 * there, so that nothing is looked at.
 */
export async function removeOwn(nodes: NameNodes, path: string, options: StoreOptions): Promise<void> {
  const parameters = { recursive: 'true' };
  await booleanCall(nodes, { method: 'DELETE', op: 'DELETE', path, parameters, repeatable: true }, options);
}

/** One DELETE, sent once; answers whether something went. Fails with LostAnswer. */
export function deletePath(
  nodes: NameNodes,
  path: string,
  recursive: boolean,
  options: StoreOptions,
): Promise<boolean> {
  const parameters = { recursive: String(recursive) };
  const call: Call = { method: 'DELETE', op: 'DELETE', path, parameters, repeatable: false };
  return booleanCall(nodes, call, options);
}
