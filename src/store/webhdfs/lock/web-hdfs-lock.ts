import { AtlasError } from '../../../errors.ts';
import { isDead, type LockOwner, newOwner } from '../../lock-owner.ts';
import { joinPath } from '../../path.ts';
import type { StoreLock, StoreOptions } from '../../store.ts';
import { isMissing } from '../call/is-missing.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { lookAtExisting } from '../look-at.ts';
import { removePath } from '../remove-path.ts';
import { renameToFree } from '../rename/rename-path.ts';
import { replacePath } from '../rename/replace-path.ts';
import { writeSmall } from '../write-small.ts';
import {
  beatPath,
  claimPath,
  type LockedName,
  lockPath,
  type OwnClaim,
  readLock,
  type Standing,
  standingLock,
  successorPath,
} from './lock-files.ts';
import { sweepLocks } from './sweep-locks.ts';

/** A lock whose owner gave no sign of life for so long, by the NameNode's clock, may be taken over. */
const LEASE_NS = 120_000_000_000n;
const BEAT_EVERY_MS = 20_000;
/** Times that a lock may be seen to change hands before the contender gives up. */
const MOST_TURNS = 10;

/**
 * Holds `name` in `folder`: see `Store.lock`. As on a local disk, a claim is written whole under a name of its own and then given the
 * lock's name, here by a rename to a name that must be free, which the NameNode does for one contender only. A dead owner's one possible
 * successor is claimed the same way and then renamed onto the lock. Life is shown by making a small file anew: the NameNode stamps it.
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
    await lock.claim(options);
    let now = await lock.beat(options);
    for (let turn = 1; !(await take(lock, now, options)); turn += 1) {
      if (turn === MOST_TURNS) throw restless(lock);
      await nodes.pause(turn, options.signal);
      now = await lock.beat(options);
    }
    await sweepLocks(lock.of, { own: lock.owner.claim, now, lease: LEASE_NS }, options);
    lock.start();
    return lock;
  } catch (error) {
    await lock.giveUp();
    throw error;
  }
}

/** One attempt, `now` being our own last sign of life; false = the state changed meanwhile, look again. */
async function take(lock: HdfsLock, now: bigint, options: StoreOptions): Promise<boolean> {
  const { of, owner, own } = lock;
  const { nodes } = of;
  if (await moveClaim(lock, lockPath(of), options)) return true;
  const standing = await standingLock(of, own, options);
  if (standing === null) return false;
  if (standing.claim === owner.claim) return settle(lock, standing, options);
  if (!isStale(standing, now)) throw lockedBy(standing, of);
  const mine = successorPath(of, standing.claim);
  if (!(await moveClaim(lock, mine, options))) return false;
  // Both may be at work at once here: the old owner shows that it lives and then looks for a successor; we made ourselves
  // its successor and look whether it lives. One of the two sees the other.
  const counts = await standingLock(of, own, options);
  const again = await readLock(of, standing.path, own, options);
  if (again?.claim !== standing.claim || again.beat !== standing.beat || counts?.claim !== owner.claim) {
    await renameToFree(nodes, mine, lock.claimPath, options);
    return false;
  }
  await replacePath(nodes, mine, lockPath(of), options);
  await removePath(nodes, beatPath(of, standing.claim), options);
  return true;
}

/** Our claim stands: a rename whose answer was lost came through. */
async function settle({ of }: HdfsLock, { path }: Standing, options: StoreOptions): Promise<boolean> {
  if (path !== lockPath(of)) await replacePath(of.nodes, path, lockPath(of), options);
  return true;
}

/** Gives our claim another name; false where that was not seen to happen: then the standing lock says what did. */
async function moveClaim({ of, claimPath: from }: HdfsLock, to: string, options: StoreOptions): Promise<boolean> {
  try {
    return await renameToFree(of.nodes, from, to, options);
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
  /** Signs of life are given one after the other: two at a time would make the same file. */
  #beating: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #own: OwnClaim | null = null;
  #over = false;

  constructor(of: LockedName, owner: LockOwner) {
    this.of = of;
    this.owner = owner;
  }

  get claimPath(): string {
    return claimPath(this.of, this.owner.claim);
  }

  /** Null until the claim is written. */
  get own(): OwnClaim | null {
    return this.#own;
  }

  /** Writes the claim whole, under a name that is nobody else's. */
  async claim(options: StoreOptions): Promise<void> {
    const { nodes } = this.of;
    await writeSmall(nodes, this.claimPath, `${JSON.stringify(this.owner)}\n`, options);
    const { inode } = await lookAtExisting(nodes, this.claimPath, options);
    this.#own = { inode, owner: this.owner };
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (this.#waiting > 0) return;
      this.beat({ signal: this.#life.signal }).catch(() => undefined); // `confirm` beats itself, and fails where that fails
    }, BEAT_EVERY_MS);
    this.#timer.unref();
  }

  /** Shows life; answers the NameNode's time of it. */
  beat(options: StoreOptions): Promise<bigint> {
    const { nodes } = this.of;
    const path = beatPath(this.of, this.owner.claim);
    this.#waiting += 1;
    const turn = this.#beating
      .then(() => writeSmall(nodes, path, '', options))
      .then(() => lookAtExisting(nodes, path, options))
      .then(({ modified }) => BigInt(modified))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#beating = turn.catch(() => undefined);
    return turn;
  }

  async confirm(options: StoreOptions): Promise<void> {
    if (!this.#over) await this.beat(options);
    const standing = this.#over ? null : await standingLock(this.of, this.#own, options);
    if (standing?.claim === this.owner.claim) return;
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
      await this.#release();
    });
    this.#over = true;
    await this.#removeBeat();
  }

  /** After a failed acquisition: what was begun is taken back, in an order that leaves nothing for a late request to do. */
  async giveUp(): Promise<void> {
    await this.#stop();
    await quietly(() => removePath(this.of.nodes, this.claimPath, unstoppable()));
    await quietly(() => this.#release());
    this.#over = true;
    await this.#removeBeat();
  }

  async #stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#life.abort();
    await this.#beating;
  }

  /** DELETE is by path: the lock gets a name that is ours alone first, and goes only if it is seen to be ours then. */
  async #release(): Promise<void> {
    const { nodes } = this.of;
    const options = unstoppable();
    const standing = await standingLock(this.of, this.#own, options);
    if (standing?.claim !== this.owner.claim) return;
    if (!(await renameToFree(nodes, standing.path, this.claimPath, options))) return;
    const moved = await readLock(this.of, this.claimPath, this.#own, options);
    if (moved?.claim === this.owner.claim) await removePath(nodes, this.claimPath, options);
    else await renameToFree(nodes, this.claimPath, standing.path, options);
  }

  async #removeBeat(): Promise<void> {
    await quietly(() => removePath(this.of.nodes, beatPath(this.of, this.owner.claim), unstoppable()));
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
