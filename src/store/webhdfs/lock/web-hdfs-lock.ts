import { AtlasError } from '../../../errors.ts';
import { isDead, type LockOwner, newOwner } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { StoreLock, StoreOptions } from '../../store.ts';
import { isMissing } from '../call/is-missing.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { lookAt, lookAtExisting } from '../look-at.ts';
import { removeOwn, removePath } from '../remove-path.ts';
import { renameToFree } from '../rename/rename-path.ts';
import { replacePath } from '../rename/replace-path.ts';
import { writeSmall } from '../write-small.ts';
import {
  claimPath,
  type LockedName,
  lifePath,
  lockPath,
  type OwnClaim,
  readLock,
  type Standing,
  standingLock,
  successorPath,
} from './lock-files.ts';
import { beginLife, forgetSign, showLife } from './lock-life.ts';
import { sweepLocks } from './sweep-locks.ts';

/** A lock whose owner gave no sign of life for so long, by the NameNode's clock, may be taken over. */
const LEASE_NS = 120_000_000_000n;
const BEAT_EVERY_MS = 20_000;
/** Times that a lock may be seen to change hands before the contender gives up. */
const MOST_TURNS = 10;

/**
 * Holds `name` in `folder`: see `Store.lock`. As on a local disk, a claim is made under a name of its own and then given the lock's name, here
 * by a rename to a name that must be free, which the NameNode does for one contender only. A dead owner's one possible successor is claimed
 * the same way and then renamed onto the lock. Whose a claim is, and that its owner lives, a folder named after its file id tells, which is
 * made before the claim is anybody's lock: see `lock-life.ts`.
 *
 * Every name but the lock's own is given once in the world, so that a request which arrives late finds nothing to do. A rename of a claim
 * whose answer was lost is looked for: whoever finds itself to be the standing lock holds it.
 */
export async function acquireHdfsLock(
  nodes: NameNodes,
  folder: string,
  name: string,
  run: string,
  options: StoreOptions,
): Promise<StoreLock> {
  const lock = new HdfsLock({ nodes, folder, name }, newOwner(run));
  try {
    const own = await lock.claim(options);
    for (let turn = 1; !(await take(lock, own, options)); turn += 1) {
      if (turn === MOST_TURNS) throw restless(lock);
      await nodes.pause(turn, options.signal);
      await lock.beat(options);
    }
    await sweepLocks(lock.of, { own, lease: LEASE_NS }, options);
    lock.start();
    return lock;
  } catch (error) {
    await lock.giveUp();
    throw error;
  }
}

/** One attempt, right after a sign of life; false = the state changed meanwhile, look again. */
async function take(lock: HdfsLock, own: OwnClaim, options: StoreOptions): Promise<boolean> {
  const { of, owner } = lock;
  const { nodes } = of;
  if (await moveClaim(lock, own, lockPath(of), options)) return true;
  const standing = await standingLock(of, own, options);
  if (standing === null) return false;
  if (standing.claim === owner.claim) return settle(lock, standing, options);
  // the time of our own last sign of life is the NameNode's
  const now = await lookAtExisting(nodes, lifePath(of, own.inode), options);
  if (!isStale(standing, BigInt(now.modified))) throw lockedBy(standing, of);
  const mine = successorPath(of, standing.claim);
  if (!(await moveClaim(lock, own, mine, options))) return false;
  // Both may be at work at once here: the old owner shows that it lives and then looks for a successor; we made ourselves
  // its successor and look whether it lives. One of the two sees the other.
  const counts = await standingLock(of, own, options);
  const again = await readLock(of, standing.path, own, options);
  if (again?.claim !== standing.claim || again.beat !== standing.beat || counts?.claim !== owner.claim) {
    await renameToFree(nodes, mine, lock.claimPath, options);
    return false;
  }
  // what told of the old owner goes with all that is left, after what it tells of
  await replacePath(nodes, mine, lockPath(of), options);
  return true;
}

/** Our claim stands: a rename whose answer was lost came through. */
async function settle({ of }: HdfsLock, { path }: Standing, options: StoreOptions): Promise<boolean> {
  if (path !== lockPath(of)) await replacePath(of.nodes, path, lockPath(of), options);
  return true;
}

/** Gives our claim another name; false where that was not seen to happen: then the standing lock says what did. */
async function moveClaim(
  { of, claimPath: from }: HdfsLock,
  { inode }: OwnClaim,
  to: string,
  options: StoreOptions,
): Promise<boolean> {
  try {
    return await renameToFree(of.nodes, from, to, options, { inode, length: 0 });
  } catch (error) {
    const isOpen = error instanceof AtlasError && (isMissing(error) || error.code === 'ATLAS_HDFS_UNCERTAIN');
    if (!isOpen) throw error;
    return false;
  }
}

/**
 * Whether nobody holds it any more: its process died on this machine, or its lease ran out. A request that a killed process has just sent
 * may still be carried out after that. It does no harm: it names a draft of that run, which is either published by it or gone.
 */
function isStale({ owner, beat }: Standing, now: bigint): boolean {
  return (owner !== null && isDead(owner, false)) || now - beat > LEASE_NS;
}

function lockedBy({ owner, path }: Standing, { folder, name }: LockedName): AtlasError {
  const who = owner === null ? 'an unknown run' : `run ${owner.run} (process ${owner.pid} on ${owner.host})`;
  const target = joinPath(folder, name);
  return new AtlasError('ATLAS_TARGET_LOCKED', `${target} is held by ${who}; its lock is ${path}`, {
    place: { file: target },
  });
}

function restless({ of }: HdfsLock): AtlasError {
  const message = `the lock ${lockPath(of)} could not be taken in ${MOST_TURNS} turns, though nobody is seen to hold it`;
  return new AtlasError('ATLAS_HDFS_UNAVAILABLE', message, { place: { file: joinPath(of.folder, of.name) } });
}

class HdfsLock implements StoreLock {
  readonly of: LockedName;
  readonly owner: LockOwner;
  readonly #life = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  /** Signs of life are given one after the other. */
  #beating: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #own: OwnClaim | null = null;
  #beats = 0;
  /** Signs of life that have been removed: the first so many. */
  #forgotten = 0;
  #over = false;

  constructor(of: LockedName, owner: LockOwner) {
    this.of = of;
    this.owner = owner;
  }

  get claimPath(): string {
    return claimPath(this.of, this.owner.claim);
  }

  /** Makes the claim, under a name that is nobody else's, and the folder that tells whose it is. */
  async claim(options: StoreOptions): Promise<OwnClaim> {
    const { nodes } = this.of;
    await writeSmall(nodes, this.claimPath, '', options);
    const { inode } = await lookAtExisting(nodes, this.claimPath, options);
    const own = { inode, owner: this.owner };
    this.#own = own;
    await beginLife(nodes, lifePath(this.of, inode), this.owner, options);
    return own;
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#waiting > 0) return;
      const options = { signal: this.#life.signal };
      // `confirm` beats itself, and fails where that fails
      this.beat(options)
        .then(() => this.#forget(options))
        .catch(() => undefined);
    }, BEAT_EVERY_MS);
    this.#timer.unref();
  }

  /** Shows life. */
  beat(options: StoreOptions): Promise<void> {
    this.#waiting += 1;
    const turn = this.#beating
      .then(() => {
        this.#beats += 1;
        return showLife(this.of.nodes, this.#lifePath, this.#beats, options);
      })
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#beating = turn.catch(() => undefined);
    return turn;
  }

  async confirm(options: StoreOptions): Promise<void> {
    let standing: Standing | null = null;
    for (let turn = 1; !this.#over && turn <= MOST_TURNS; turn += 1) {
      await this.beat(options);
      if (await this.#stands(options)) return;
      standing = await standingLock(this.of, this.#own, options);
      // where it is ours after all, somebody who wanted to take it over has just seen that we live: look again
      if (standing?.claim !== this.owner.claim) break;
    }
    const who = standing?.owner ? `run ${standing.owner.run} on ${standing.owner.host}` : 'nobody we know';
    const path = lockPath(this.of);
    throw new AtlasError('ATLAS_LOCK_LOST', `${path} was held by run ${this.owner.run} and is now held by ${who}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    await this.#stop();
    await quietly(async () => {
      // shown to live, nobody takes it over before it is given back
      await this.confirm(unstoppable());
      await this.#release(lockPath(this.of));
    });
    this.#over = true;
    await this.#endLife();
  }

  /** After a failed acquisition: what was begun is taken back, in an order that leaves nothing for a late request to do. */
  async giveUp(): Promise<void> {
    await this.#stop();
    await quietly(() => removePath(this.of.nodes, this.claimPath, unstoppable()));
    await quietly(async () => {
      const standing = await standingLock(this.of, this.#own, unstoppable());
      if (standing?.claim === this.owner.claim) await this.#release(standing.path);
    });
    this.#over = true;
    await this.#endLife();
  }

  /** Removes all signs of life but the last one: days have thousands of them. */
  async #forget(options: StoreOptions): Promise<void> {
    while (this.#forgotten + 1 < this.#beats) {
      this.#forgotten += 1;
      await forgetSign(this.of.nodes, this.#lifePath, this.#forgotten, options);
    }
  }

  get #lifePath(): string {
    return lifePath(this.of, this.#own?.inode ?? '0');
  }

  /**
   * Whether the lock is ours and nobody is about to take it over. In this order: a successor that is not there when we look for it has
   * either not been made, and whoever makes it will see that we live, or it has become the lock already.
   */
  async #stands(options: StoreOptions): Promise<boolean> {
    const { nodes } = this.of;
    const successor = await lookAt(nodes, successorPath(this.of, this.owner.claim), options);
    if (successor.kind !== 'absent') return false;
    const now = await lookAt(nodes, lockPath(this.of), options);
    return now.kind === 'file' && now.inode === this.#own?.inode;
  }

  async #stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#life.abort();
    await this.#beating;
  }

  /** DELETE is by path: the lock gets a name that is ours alone first, and goes only if it is seen to be ours then. */
  async #release(from: string): Promise<void> {
    const { nodes } = this.of;
    const options = unstoppable();
    const own = { inode: this.#own?.inode ?? '', length: 0 };
    if (await renameToFree(nodes, from, this.claimPath, options, own)) {
      await removeOwn(nodes, this.claimPath, options);
      return;
    }
    const moved = await lookAt(nodes, this.claimPath, options);
    if (moved.kind !== 'absent') await renameToFree(nodes, this.claimPath, from, options);
  }

  async #endLife(): Promise<void> {
    if (this.#own !== null) await quietly(() => removeOwn(this.of.nodes, this.#lifePath, unstoppable()));
  }
}

function unstoppable(): StoreOptions {
  return { signal: new AbortController().signal };
}

/** Lost, or out of reach: the lease runs out, and no error here may hide the one that ended the run. */
async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // see above
  }
}
