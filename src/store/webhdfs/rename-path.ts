import { AtlasError } from '../../errors.ts';
import type { Found, StoreOptions } from '../store.ts';
import { booleanCall } from './boolean-call.ts';
import { type Call, LostAnswer } from './call.ts';
import { lookAt } from './look-at.ts';
import type { NameNodes } from './name-nodes.ts';
import { pathInside } from './path-inside.ts';

/**
 * Renames in one step, replacing what is at `to` (a folder there must be empty). The proof is a look afterwards, whether there was
 * an answer or not: the same file id at `to`. Fails with ATLAS_HDFS_UNCERTAIN where neither place holds it.
 */
export async function renameOver(nodes: NameNodes, from: string, to: string, options: StoreOptions): Promise<void> {
  const before = await existing(nodes, from, options);
  const call: Call = {
    method: 'PUT',
    op: 'RENAME',
    path: from,
    parameters: { destination: pathInside(to, nodes.plan.name), renameoptions: 'OVERWRITE' },
    repeatable: false,
  };
  try {
    await nodes.call(call, options);
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error;
  }
  if (!(await hasMoved(nodes, before, from, to, options))) {
    throw new AtlasError(
      'ATLAS_STORE_WRITE',
      `RENAME ${from} to ${to} did not happen: its answer was lost, and the file is where it was`,
    );
  }
}

/** Renames to a name that must be free; answers whether it was. */
export async function renameToFree(
  nodes: NameNodes,
  from: string,
  to: string,
  options: StoreOptions,
): Promise<boolean> {
  const before = await existing(nodes, from, options);
  const parameters = { destination: pathInside(to, nodes.plan.name) };
  const call: Call = { method: 'PUT', op: 'RENAME', path: from, parameters, repeatable: false };
  try {
    if (!(await booleanCall(nodes, call, options))) return false;
  } catch (error) {
    if (!(error instanceof LostAnswer)) throw error;
  }
  return hasMoved(nodes, before, from, to, options);
}

type There = Exclude<Found, { kind: 'absent' }>;

async function existing(nodes: NameNodes, path: string, options: StoreOptions): Promise<There> {
  const found = await lookAt(nodes, path, options);
  if (found.kind === 'absent') throw new AtlasError('ATLAS_STORE_WRITE', `there is nothing at ${path} to rename`);
  return found;
}

async function hasMoved(
  nodes: NameNodes,
  before: There,
  from: string,
  to: string,
  options: StoreOptions,
): Promise<boolean> {
  const now = await lookAt(nodes, to, options);
  if (now.kind !== 'absent' && now.inode === before.inode && now.length === before.length) return true;
  const left = await lookAt(nodes, from, options);
  if (left.kind !== 'absent' && left.inode === before.inode) return false;
  throw new AtlasError('ATLAS_HDFS_UNCERTAIN', `after RENAME ${from} to ${to}, file ${before.inode} is at neither`);
}
