import { hiddenName } from '../../hidden-name.ts';
import { type LockOwner, parseOwner } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { Found, StoreOptions } from '../../store.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { download } from '../download.ts';
import { lookAt } from '../look-at.ts';

/** The name that a lock is for. */
export interface LockedName {
  readonly nodes: NameNodes;
  readonly folder: string;
  readonly name: string;
}

/** A lock as it stands. */
export interface Standing {
  readonly path: string;
  /** Its claim, or a name made of its file id where the content is torn. */
  readonly claim: string;
  readonly owner: LockOwner | null;
  /** Last sign of life, nanoseconds by the NameNode's clock. */
  readonly beat: bigint;
}

/** A claim of ours as a file: what it says need not be read to be known. */
export interface OwnClaim {
  readonly inode: string;
  readonly owner: LockOwner;
}

/** The lock itself. */
export function lockPath({ folder, name }: LockedName): string {
  return joinPath(folder, hiddenName(name, '.atlas-lock'));
}

/** Where the claim stands that takes over from `claim`: a name that only one contender can give, once. */
export function successorPath({ folder, name }: LockedName, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-lock`));
}

/** What is written whole before it is given the lock's name. */
export function claimPath({ folder, name }: LockedName, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-claim`));
}

/** What is made anew as a sign of life. */
export function beatPath({ folder, name }: LockedName, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-beat`));
}

/** The lock that counts now, or null: from the lock itself along the claims that took over from one another. */
export async function standingLock(
  of: LockedName,
  own: OwnClaim | null,
  options: StoreOptions,
): Promise<Standing | null> {
  let last = await readLock(of, lockPath(of), own, options);
  for (let next = last; next !== null; ) {
    last = next;
    next = await readLock(of, successorPath(of, next.claim), own, options);
  }
  return last;
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
    if (own !== null && found.inode === own.inode) {
      return { path, claim: own.owner.claim, owner: own.owner, beat: BigInt(found.modified) };
    }
    const owner = await ownerIn(of, path, found, options);
    if (owner === 'gone') continue;
    const claim = owner?.claim ?? `file-${found.inode}-x-torn`;
    const beat = await lookAt(of.nodes, beatPath(of, claim), options);
    return { path, claim, owner, beat: BigInt(beat.kind === 'absent' ? found.modified : beat.modified) };
  }
}

/** What a lock file says; `gone` where it was given back, or taken over, while it was read. */
async function ownerIn(
  { nodes }: LockedName,
  path: string,
  found: Exclude<Found, { kind: 'absent' }>,
  options: StoreOptions,
): Promise<LockOwner | null | 'gone'> {
  let text: string | null = null;
  let failed: unknown = null;
  try {
    text = new TextDecoder().decode(await download(nodes, path, { from: 0, to: found.length }, options));
  } catch (error) {
    failed = error;
  }
  options.signal.throwIfAborted();
  const owner = text === null ? null : parseOwner(text);
  if (owner !== null) return owner;
  const now = await lookAt(nodes, path, options);
  if (now.kind !== 'file' || now.inode !== found.inode) return 'gone';
  if (failed !== null) throw failed;
  return null;
}
