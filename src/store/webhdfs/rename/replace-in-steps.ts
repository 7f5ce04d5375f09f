import { AtlasError } from '../../../errors.ts';
import type { StoreOptions } from '../../store.ts';
import { booleanCall } from '../call/boolean-call.ts';
import { type Call, LostAnswer } from '../call/call.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { readStatuses } from '../file-status.ts';
import { lookAt } from '../look-at.ts';
import { renameToFree } from './rename-path.ts';
import { asidePath } from './set-aside.ts';

/**
 * Replaces what is at `to` (a folder there must be empty) where the server cannot do it in one step: HttpFS has no options of RENAME
 * and leaves what stands at its destination. What is there is set aside, `from` takes its name, and what was aside is removed; between the
 * two renames other readers find nothing at `to`, ours find what is aside. Doing it again after an interruption ends it.
 */
export async function replaceInSteps(nodes: NameNodes, from: string, to: string, options: StoreOptions): Promise<void> {
  const aside = asidePath(to);
  const there = await lookAt(nodes, to, options);
  if (there.kind !== 'absent') {
    const moved = await lookAt(nodes, from, options);
    if (moved.kind !== there.kind) throw refused(from, to, `there is a ${there.kind}`);
    if (there.kind === 'folder' && !(await isEmpty(nodes, to, options))) throw refused(from, to, 'it is not empty');
    // Left by one whose removal was interrupted: `to` had been replaced.
    await removeAside(nodes, aside, options);
    if (!(await renameToFree(nodes, to, aside, options))) throw refused(from, to, `it cannot be set aside as ${aside}`);
  }
  // What has begun is not stopped half-way.
  const through = { signal: new AbortController().signal };
  if (!(await moveOrPutBack(nodes, from, to, aside, through))) {
    const now = await lookAt(nodes, to, through);
    throw refused(from, to, now.kind === 'absent' ? 'RENAME answered false' : `there is a ${now.kind} that is not it`);
  }
  await removeAside(nodes, aside, through);
}

/** Where the second rename surely did not happen, what is aside takes its name again, if that is free. */
async function moveOrPutBack(
  nodes: NameNodes,
  from: string,
  to: string,
  aside: string,
  options: StoreOptions,
): Promise<boolean> {
  let refusal: unknown = null;
  try {
    if (await renameToFree(nodes, from, to, options)) return true;
  } catch (error) {
    if (!(error instanceof AtlasError) || error.code === 'ATLAS_HDFS_UNCERTAIN') throw error;
    refusal = error;
  }
  if ((await lookAt(nodes, aside, options)).kind !== 'absent') {
    await renameToFree(nodes, aside, to, options).catch(() => undefined); // it is looked for there too
  }
  if (refusal !== null) throw refusal;
  return false;
}

/** A folder that has filled meanwhile is refused by the server, and stays. */
async function removeAside(nodes: NameNodes, aside: string, options: StoreOptions): Promise<void> {
  const parameters = { recursive: 'false' };
  try {
    await booleanCall(nodes, { method: 'DELETE', op: 'DELETE', path: aside, parameters, repeatable: true }, options);
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error;
  }
}

async function isEmpty(nodes: NameNodes, path: string, options: StoreOptions): Promise<boolean> {
  const call: Call = { method: 'GET', op: 'LISTSTATUS', path, repeatable: true };
  return (await nodes.call(call, options, (answer) => readStatuses(call, answer))).length === 0;
}

function refused(from: string, to: string, why: string): AtlasError {
  return new AtlasError('ATLAS_STORE_WRITE', `${from} cannot take the place of ${to}: ${why}`, { place: { file: to } });
}
