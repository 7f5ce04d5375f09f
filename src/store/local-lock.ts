import { type FileHandle, link, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AtlasError } from '../errors.ts';
import { isOwnFileSystem } from './file-system.ts';
import { hiddenName } from './hidden-name.ts';
import { lockPath, readLock, type StandingLock, standingLock, successorPath } from './lock-chain.ts';
import { isDead, isDeadClaim, type LockOwner, newOwner } from './lock-owner.ts';
import type { StoreLock, StoreOptions } from './store.ts';
import { errnoOf, storeStep } from './store-error.ts';

/** A lock whose owner gave no sign of life for so long may be taken over. */
const LEASE_NS = 30_000_000_000n;
const BEAT_EVERY_MS = 5_000;
/** What follows a target's hidden name in the names of claims and successors. */
const LEFT = /^\.([0-9a-z-]+)\.atlas-(?:claim|lock)$/;

/**
 * Holds `name` in `folder`: see `Store.lock`. The claim is written first and then linked to the lock's name, so that a
 * lock is never seen without its owner. A lock whose owner is dead is taken over by creating its one possible successor
 * (`successorPath`), which only one contender can do, and renaming that onto the lock. Names of successors are never used
 * twice, so a contender that comes late with an old judgement creates a file that nobody looks at, sees so, and removes it.
 */
export async function acquireLock(
  folder: string,
  name: string,
  run: string,
  options: StoreOptions,
): Promise<StoreLock> {
  const owner = newOwner(run);
  const path = lockPath(folder, name);
  const own = await isOwnFileSystem(folder);
  const claimed = join(folder, hiddenName(name, `.${owner.claim}.atlas-claim`));
  return await storeStep('lock', path, options, async () => {
    const handle = await open(claimed, 'wx', 0o644);
    try {
      await handle.write(`${JSON.stringify(owner)}\n`, 0);
      const lock = new LocalLock(folder, name, owner, own, handle);
      while (!(await take(lock, claimed))) options.signal.throwIfAborted();
      await unlinkIfThere(claimed);
      await sweep(lock);
      lock.start();
      return lock;
    } catch (error) {
      await handle.close().catch(() => undefined);
      await unlinkIfThere(claimed).catch(() => undefined);
      throw error;
    }
  });
}

/** One attempt; false = the state changed meanwhile, look again. Fails with ATLAS_TARGET_LOCKED. */
async function take(lock: LocalLock, claimed: string): Promise<boolean> {
  const { folder, name, owner, own } = lock;
  if (await linkNew(claimed, lockPath(folder, name))) return true;
  const standing = await standingLock(folder, name);
  if (standing === null) return false;
  const now = await lock.beat();
  if (!isStale(standing, own, now)) throw lockedBy(standing, folder, name);
  const mine = successorPath(folder, name, standing.claim);
  if (!(await linkNew(claimed, mine))) return false;
  // Both may be at work at once here: the old owner shows that it lives and then looks for a successor; we made ourselves
  // its successor and look whether it lives. One of the two sees the other.
  const again = await readLock(standing.path);
  const counts = await standingLock(folder, name);
  if (again?.claim !== standing.claim || again.beat !== standing.beat || counts?.claim !== owner.claim) {
    await unlinkIfThere(mine);
    return false;
  }
  await rename(mine, lockPath(folder, name));
  return true;
}

function isStale({ owner, beat }: StandingLock, own: boolean, now: bigint): boolean {
  if (owner !== null && isDead(owner, own)) return true;
  return now - beat > LEASE_NS;
}

function lockedBy({ owner, path }: StandingLock, folder: string, name: string): AtlasError {
  const who = owner === null ? 'an unknown run' : `run ${owner.run} (process ${owner.pid} on ${owner.host})`;
  return new AtlasError('ATLAS_TARGET_LOCKED', `${join(folder, name)} is held by ${who}; its lock is ${path}`, {
    place: { file: join(folder, name) },
  });
}

/** Removes claims of dead processes that were killed on their way to this lock. Call while holding it. */
async function sweep(lock: LocalLock): Promise<void> {
  const { folder, name, owner } = lock;
  const now = await lock.beat();
  const prefix = hiddenName(name, '');
  for (const entry of await readdir(folder)) {
    const named = entry.startsWith(prefix) ? LEFT.exec(entry.slice(prefix.length))?.[1] : undefined;
    if (named === undefined) continue;
    const left = await readLock(join(folder, entry));
    // A successor is named after the claim it took over from; its content holds its own.
    const claim = left?.owner?.claim ?? named;
    if (left === null || claim === owner.claim) continue;
    if (isDeadClaim(claim) || now - left.beat > LEASE_NS) await unlinkIfThere(left.path);
  }
}

class LocalLock implements StoreLock {
  readonly folder: string;
  readonly name: string;
  readonly owner: LockOwner;
  /** No other machine can reach this file system. */
  readonly own: boolean;
  readonly #handle: FileHandle;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(folder: string, name: string, owner: LockOwner, own: boolean, handle: FileHandle) {
    this.folder = folder;
    this.name = name;
    this.owner = owner;
    this.own = own;
    this.#handle = handle;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#beating = this.beat().catch(() => undefined); // `confirm` beats itself, and fails where that fails
    }, BEAT_EVERY_MS);
    this.#timer.unref();
  }

  /** Shows life by rewriting the last byte; answers the store's time of it. Never touches a lock that is another's. */
  async beat(): Promise<bigint> {
    const { size } = await this.#handle.stat();
    await this.#handle.write('\n', Math.max(0, size - 1));
    if (!this.own) await this.#handle.sync(); // a network disk keeps a write to itself until it is asked
    return (await this.#handle.stat({ bigint: true })).mtimeNs;
  }

  async confirm(options: StoreOptions): Promise<void> {
    const path = lockPath(this.folder, this.name);
    await storeStep('confirm the lock', path, options, async () => {
      if (!this.#over) await this.beat();
      const standing = this.#over ? null : await standingLock(this.folder, this.name);
      if (standing?.claim === this.owner.claim) return;
      const who = standing?.owner ? `run ${standing.owner.run} on ${standing.owner.host}` : 'nobody we know';
      throw new AtlasError('ATLAS_LOCK_LOST', `${path} was held by run ${this.owner.run} and is now held by ${who}`);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beating;
    try {
      await this.confirm({ signal: new AbortController().signal });
      this.#over = true;
      await unlinkIfThere(lockPath(this.folder, this.name));
    } catch {
      // Lost, or the disk fails: what is left of it is taken over as soon as this process has ended, and no error here may
      // hide the one that ended the run.
    } finally {
      this.#over = true;
      await this.#handle.close().catch(() => undefined);
    }
  }
}

/** Gives a claim another name, which must be free; answers whether it was. */
async function linkNew(claimed: string, path: string): Promise<boolean> {
  try {
    await link(claimed, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
