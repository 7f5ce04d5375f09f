import { hiddenName } from '../../hidden-name.ts';
import type { LockOwner } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { StoreOptions } from '../../store.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { lookAt } from '../look-at.ts';
import { readLife } from './lock-life.ts';

/** The name that a lock is for. */
export interface LockedName {
  readonly nodes: NameNodes;
  readonly folder: string;
  readonly name: string;
}

/** A lock as it stands. */
export interface Standing {
  readonly path: string;
  /** Its file id. */
  readonly inode: string;
  /** Its claim, or a name made of its file id where nothing tells whose it is. */
  readonly claim: string;
  readonly owner: LockOwner | null;
  /** Last sign of life, nanoseconds by the NameNode's clock. */
  readonly beat: bigint;
}

/** A claim of ours as a file: what is said of it need not be read to be known. */
export interface OwnClaim {
  readonly inode: string;
  readonly owner: LockOwner;
}

/** The lock itself. It is empty: see `lifePath`. */
export function lockPath({ folder, name }: LockedName): string {
  return joinPath(folder, hiddenName(name, '.atlas-lock'));
}

/** Where the claim stands that takes over from `claim`: a name that only one contender can give, once. */
export function successorPath({ folder, name }: LockedName, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-lock`));
}

/** What is made before it is given the lock's name. */
export function claimPath({ folder, name }: LockedName, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-claim`));
}

/** The folder that tells whose the file with this id is, and since when it lives. */
export function lifePath({ folder, name }: LockedName, inode: string): string {
  return joinPath(folder, hiddenName(name, `.file-${inode}.atlas-beat`));
}

/** The lock that counts now, or null: from the lock itself along the claims that took over from one another. */
export async function standingLock(
  of: LockedName,
  own: OwnClaim | null,
  options: StoreOptions,
): Promise<Standing | null> {
  for (;;) {
    const first = await readLock(of, lockPath(of), own, options);
    let last = first;
    for (let next = first; next !== null; ) {
      last = next;
      next = await readLock(of, successorPath(of, next.claim), own, options);
    }
    // a successor that was not there may have become the lock since that was read
    const now = await lookAt(of.nodes, lockPath(of), options);
    if ((now.kind === 'file' ? now.inode : undefined) === first?.inode) return last;
  }
}

/** One lock file, or null where there is none. */
export async function readLock(
  of: LockedName,
  path: string,
  own: OwnClaim | null,
  options: StoreOptions,
): Promise<Standing | null> {
  for (;;) {
    const found = await lookAt(of.nodes, path, options);
    if (found.kind !== 'file') return null;
    const { inode } = found;
    const made = BigInt(found.modified);
    if (own !== null && inode === own.inode) {
      return { path, inode, claim: own.owner.claim, owner: own.owner, beat: made };
    }
    const life = await readLife(of.nodes, lifePath(of, inode), options);
    const owner = life?.owner ?? null;
    if (owner === null) {
      // it was given back, or taken over, while it was read
      const now = await lookAt(of.nodes, path, options);
      if (now.kind !== 'file' || now.inode !== inode) continue;
    }
    return { path, inode, claim: owner?.claim ?? `file-${inode}-x-torn`, owner, beat: life?.beat ?? made };
  }
}
