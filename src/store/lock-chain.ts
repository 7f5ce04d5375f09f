import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { hiddenName } from './hidden-name.ts';
import { type LockOwner, parseOwner } from './lock-owner.ts';
import { errnoOf } from './store-error.ts';

/** A lock as it stands on disk. */
export interface StandingLock {
  readonly path: string;
  /** Its claim, or a name made of its inode where the content is torn. */
  readonly claim: string;
  readonly owner: LockOwner | null;
  /** Last sign of life, nanoseconds by the store's clock. */
  readonly beat: bigint;
}

/** The lock itself. */
export function lockPath(folder: string, name: string): string {
  return join(folder, hiddenName(name, '.atlas-lock'));
}

/** Where the claim stands that takes over from `claim`: a name that only one contender can create, once. */
export function successorPath(folder: string, name: string, claim: string): string {
  return join(folder, hiddenName(name, `.${claim}.atlas-lock`));
}

/**
 * The lock that counts now, or null where nobody holds the name: from the lock itself along the claims that took over
 * from one another. The chain is longer than one only while a takeover is under way, or where one was killed in it.
 */
export async function standingLock(folder: string, name: string): Promise<StandingLock | null> {
  for (;;) {
    const first = await readLock(lockPath(folder, name));
    let last = first;
    for (let next = first; next !== null; ) {
      last = next;
      next = await readLock(successorPath(folder, name, next.claim));
    }
    // a successor that was not there may have become the lock since that was read
    const now = await readLock(lockPath(folder, name));
    if (now?.claim === first?.claim) return last;
  }
}

/** One lock file, or null where there is none. It is opened before it is looked at: only then a network disk asks its server. */
export async function readLock(path: string): Promise<StandingLock | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const owner = parseOwner(await handle.readFile('utf8'));
    const stats = await handle.stat({ bigint: true });
    return { path, claim: owner?.claim ?? `inode-${stats.ino}-x-torn`, owner, beat: stats.mtimeNs };
  } finally {
    await handle.close();
  }
}
