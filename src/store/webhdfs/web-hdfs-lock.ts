import { AtlasError } from '../../errors.ts';
import { hiddenName } from '../hidden-name.ts';
import { isDead, type LockOwner, newOwner, parseOwner } from '../lock-owner.ts';
import { joinPath } from '../path.ts';
import type { StoreLock, StoreOptions } from '../store.ts';
import { booleanCall } from './boolean-call.ts';
import { LostAnswer } from './call.ts';
import { download } from './download.ts';
import { lookAt } from './look-at.ts';
import type { NameNodes } from './name-nodes.ts';
import { renameToFree } from './rename-path.ts';
import { replacePath } from './replace-path.ts';
import { Upload } from './upload.ts';

/** A lock whose owner gave no sign of life for so long, by the NameNode's clock, may be taken over. */
const LEASE_NS = 120_000_000_000n;
const BEAT_EVERY_MS = 20_000;

interface Standing {
  readonly path: string;
  readonly claim: string;
  readonly owner: LockOwner | null;
  /** Last sign of life, nanoseconds by the NameNode's clock. */
  readonly beat: bigint;
}

/**
 * Holds `name` in `folder`: see `Store.lock`. As on a local disk, a claim is written whole under a name of its own and then given the
 * lock's name, here by a rename to a name that must be free, which the NameNode does for one contender only. A dead owner's one possible
 * successor is claimed the same way and then renamed onto the lock. Life is shown by making a small file anew: the NameNode stamps it.
 */
export async function acquireHdfsLock(
  nodes: NameNodes,
  folder: string,
  name: string,
  run: string,
  options: StoreOptions,
): Promise<StoreLock> {
  const lock = new HdfsLock(nodes, folder, name, newOwner(run));
  try {
    await writeSmall(nodes, lock.claimPath, `${JSON.stringify(lock.owner)}\n`, options);
    while (!(await take(lock, options))) options.signal.throwIfAborted();
    lock.start();
    return lock;
  } catch (error) {
    const through = { signal: new AbortController().signal };
    await removeFile(nodes, lock.claimPath, through).catch(() => undefined);
    await removeFile(nodes, lock.beatPath, through).catch(() => undefined);
    throw error;
  }
}

/** One attempt; false = the state changed meanwhile, look again. */
async function take(lock: HdfsLock, options: StoreOptions): Promise<boolean> {
  const { nodes, folder, name, owner } = lock;
  const now = await lock.beat(options);
  if (await renameToFree(nodes, lock.claimPath, lockPath(folder, name), options)) return true;
  const standing = await standingLock(nodes, folder, name, options);
  if (standing === null) return false;
  if (!isStale(standing, now)) throw lockedBy(standing, folder, name);
  const mine = successorPath(folder, name, standing.claim);
  if (!(await renameToFree(nodes, lock.claimPath, mine, options))) return false;
  const counts = await standingLock(nodes, folder, name, options);
  const again = await readLock(nodes, folder, name, standing.path, options);
  if (again?.claim !== standing.claim || again.beat !== standing.beat || counts?.claim !== owner.claim) {
    await renameToFree(nodes, mine, lock.claimPath, options);
    return false;
  }
  await replacePath(nodes, mine, lockPath(folder, name), options);
  await removeFile(nodes, beatPath(folder, name, standing.claim), options);
  return true;
}

/**
 * Whether nobody holds it any more: its process died on this machine, or its lease ran out. A request that a killed process has just sent
 * may still be carried out after that. It does no harm: it names a draft of that run, which is either published by it or gone.
 */
function isStale({ owner, beat }: Standing, now: bigint): boolean {
  return (owner !== null && isDead(owner, false)) || now - beat > LEASE_NS;
}

function lockedBy({ owner, path }: Standing, folder: string, name: string): AtlasError {
  const who = owner === null ? 'an unknown run' : `run ${owner.run} (process ${owner.pid} on ${owner.host})`;
  const target = joinPath(folder, name);
  return new AtlasError('ATLAS_TARGET_LOCKED', `${target} is held by ${who}; its lock is ${path}`, {
    place: { file: target },
  });
}

class HdfsLock implements StoreLock {
  readonly nodes: NameNodes;
  readonly folder: string;
  readonly name: string;
  readonly owner: LockOwner;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(nodes: NameNodes, folder: string, name: string, owner: LockOwner) {
    this.nodes = nodes;
    this.folder = folder;
    this.name = name;
    this.owner = owner;
  }

  get claimPath(): string {
    return joinPath(this.folder, hiddenName(this.name, `.${this.owner.claim}.atlas-claim`));
  }

  get beatPath(): string {
    return beatPath(this.folder, this.name, this.owner.claim);
  }

  start(): void {
    const through = { signal: new AbortController().signal };
    this.#timer = setInterval(() => {
      this.#beating = this.beat(through).catch(() => undefined); // `confirm` beats itself, and fails where that fails
    }, BEAT_EVERY_MS);
    this.#timer.unref();
  }

  /** Shows life; answers the NameNode's time of it. */
  async beat(options: StoreOptions): Promise<bigint> {
    await writeSmall(this.nodes, this.beatPath, '', options);
    const found = await lookAt(this.nodes, this.beatPath, options);
    return found.kind === 'absent' ? 0n : BigInt(found.modified);
  }

  async confirm(options: StoreOptions): Promise<void> {
    if (!this.#over) await this.beat(options);
    const standing = this.#over ? null : await standingLock(this.nodes, this.folder, this.name, options);
    if (standing?.claim === this.owner.claim) return;
    const who = standing?.owner ? `run ${standing.owner.run} on ${standing.owner.host}` : 'nobody we know';
    const path = lockPath(this.folder, this.name);
    throw new AtlasError('ATLAS_LOCK_LOST', `${path} was held by run ${this.owner.run} and is now held by ${who}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#over) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beating;
    const through = { signal: new AbortController().signal };
    try {
      await this.confirm(through);
      this.#over = true;
      await removeFile(this.nodes, lockPath(this.folder, this.name), through);
      await removeFile(this.nodes, this.beatPath, through);
    } catch {
      // Lost, or out of reach: the lease runs out, and no error here may hide the one that ended the run.
    } finally {
      this.#over = true;
    }
  }
}

function lockPath(folder: string, name: string): string {
  return joinPath(folder, hiddenName(name, '.atlas-lock'));
}

function successorPath(folder: string, name: string, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-lock`));
}

function beatPath(folder: string, name: string, claim: string): string {
  return joinPath(folder, hiddenName(name, `.${claim}.atlas-beat`));
}

async function standingLock(
  nodes: NameNodes,
  folder: string,
  name: string,
  options: StoreOptions,
): Promise<Standing | null> {
  let last = await readLock(nodes, folder, name, lockPath(folder, name), options);
  for (let next = last; next !== null; ) {
    last = next;
    next = await readLock(nodes, folder, name, successorPath(folder, name, next.claim), options);
  }
  return last;
}

async function readLock(
  nodes: NameNodes,
  folder: string,
  name: string,
  path: string,
  options: StoreOptions,
): Promise<Standing | null> {
  const found = await lookAt(nodes, path, options);
  if (found.kind !== 'file') return null;
  const owner = parseOwner(
    new TextDecoder().decode(await download(nodes, path, { from: 0, to: found.length }, options)),
  );
  const claim = owner?.claim ?? `file-${found.inode}-x-torn`;
  const beat = await lookAt(nodes, beatPath(folder, name, claim), options);
  const life = beat.kind === 'absent' ? found.modified : beat.modified;
  return { path, claim, owner, beat: BigInt(life) };
}

async function writeSmall(nodes: NameNodes, path: string, text: string, options: StoreOptions): Promise<void> {
  const parameters = { overwrite: 'true', createparent: 'false', permission: '644' };
  const upload = await Upload.begin(
    { method: 'PUT', op: 'CREATE', path, parameters, repeatable: true },
    nodes,
    options,
  );
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 0) await upload.write(bytes);
  try {
    await upload.finish();
  } catch (error) {
    const found = error instanceof LostAnswer ? await lookAt(nodes, path, options) : null;
    if (found?.kind !== 'file' || found.length !== bytes.length) throw error;
  }
}

async function removeFile(nodes: NameNodes, path: string, options: StoreOptions): Promise<void> {
  const parameters = { recursive: 'false' };
  await booleanCall(nodes, { method: 'DELETE', op: 'DELETE', path, parameters, repeatable: true }, options);
}
