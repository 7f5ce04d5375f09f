import { basename } from 'node:path';
import { AtlasError } from '../../../errors.ts';
import type { LockOwner } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { StoreOptions } from '../../store.ts';
import type { Call } from '../call/call.ts';
import { isMissing } from '../call/is-missing.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { readStatuses } from '../file-status.ts';
import { lookAt } from '../look-at.ts';
import { makeFolder } from '../make-folder.ts';
import { removeOwn } from '../remove-path.ts';
import { nameOfOwner, ownerOfName } from './owner-name.ts';

/** What the folder of a lock file tells. */
export interface Life {
  /** Null where it does not say. */
  readonly owner: LockOwner | null;
  /** Last sign of life, nanoseconds by the NameNode's clock. */
  readonly beat: bigint;
}

/** Open to all, as everything beside a target is that another user may have to remove when its owner is dead. */
const OPEN = '777';

/**
 * Begins a life: a folder that holds another one, whose name is the owner. Its time of change is the sign of life: the NameNode stamps it
 * when something is made in it. Folders are the NameNode's alone; the content of a file goes through a DataNode, whose report of the block
 * the closing of the file waits for, in steps of 400 ms.
 */
export async function beginLife(
  nodes: NameNodes,
  path: string,
  owner: LockOwner,
  options: StoreOptions,
): Promise<void> {
  await makeFolder(nodes, joinPath(path, nameOfOwner(owner)), options, OPEN);
}

/** A sign of life: `count` is another one each time, so that asking again after a lost answer does no harm. */
export async function showLife(nodes: NameNodes, path: string, count: number, options: StoreOptions): Promise<void> {
  await makeFolder(nodes, signPath(path, count), options, OPEN);
}

/** Removes an earlier sign of life, which is one too. */
export async function forgetSign(nodes: NameNodes, path: string, count: number, options: StoreOptions): Promise<void> {
  await removeOwn(nodes, signPath(path, count), options);
}

/** What is told at a path, or null where nothing is. */
export async function readLife(nodes: NameNodes, path: string, options: StoreOptions): Promise<Life | null> {
  const call: Call = { method: 'GET', op: 'LISTSTATUS', path, repeatable: true };
  try {
    const entries = await nodes.call(call, options, (answer) => readStatuses(call, answer));
    const found = await lookAt(nodes, path, options);
    if (found.kind !== 'folder') return null;
    const owners = entries.map(({ pathSuffix }) => ownerOfName(basename(pathSuffix)));
    return { owner: owners.find((owner) => owner !== null) ?? null, beat: BigInt(found.modified) };
  } catch (error) {
    if (error instanceof AtlasError && isMissing(error)) return null;
    throw error;
  }
}

function signPath(path: string, count: number): string {
  return joinPath(path, `beat-${count}`);
}
