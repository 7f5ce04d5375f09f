import { dirname } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { RejectBlock } from '../flow/reject-block.ts';
import type { Stores } from '../registry.ts';
import { graceOf } from './grace-of.ts';
import { sidecarPath } from './replay-sidecar.ts';
import { numberedBytes, writeNumbered } from './write-numbered.ts';

type Store = Awaited<ReturnType<Stores['of']>>;
type StoreFile = Awaited<ReturnType<Store['create']>>;

interface Opened {
  readonly store: Store;
  /** Where links lead. */
  readonly place: string;
  readonly file: StoreFile;
}

export interface RejectFileOptions {
  /** Where it is to be: a local path, or a name on a connection. */
  readonly path: string;
  /** What is to lie beside it. */
  readonly sidecar: () => string;
  readonly stores: Stores;
  /** What is being written when it aborts may still end. */
  readonly signal: AbortSignal;
}

/** Bytes gathered before they are written: on a local disk, and where a file that is small should be one upload. */
const BLOCK = 1 << 18;
const UPLOAD = 1 << 22;
const MODE = 0o600;

/**
 * The rejects of one dataset in one run, as JSON lines, mode 0600. Made at the first reject; kept whatever becomes of the
 * run, because it is what its reader needs. `sync` lays a sidecar beside it, without which nobody can replay it; one of an
 * earlier run in the same file is gone before its rejects are. Fails with ATLAS_STORE_*, ATLAS_HDFS_*, ATLAS_CONNECTION_UNKNOWN.
 */
export class RejectFile implements AsyncDisposable {
  readonly #options: RejectFileOptions;
  readonly #signal: AbortSignal;
  readonly #block: number;
  #open: Opened | null = null;
  #pending = Buffer.alloc(0);
  #size = 0;

  constructor(options: RejectFileOptions) {
    this.#options = options;
    this.#signal = graceOf(options.signal);
    this.#block = /^[a-z][a-z0-9+.-]*:\/\//i.test(options.path) ? UPLOAD : BLOCK;
  }

  /** Where the file is; null while there was nothing to write. */
  get path(): string | null {
    return this.#open === null && this.#size === 0 ? null : this.#options.path;
  }

  /** Adds the first `count` rejects of a block, of a task with so many lines of its file before it. */
  async add(block: RejectBlock, count: number, linesBefore: number): Promise<void> {
    const wanted = this.#size + numberedBytes(block, count);
    if (wanted > this.#pending.length) {
      const larger = Buffer.allocUnsafe(Math.max(wanted, 2 * this.#pending.length, 4 * BLOCK));
      this.#pending.copy(larger, 0, 0, this.#size);
      this.#pending = larger;
    }
    this.#size = writeNumbered(block, count, linesBefore, this.#pending, this.#size);
    if (this.#size >= this.#block) await this.#step(() => this.#flush());
  }

  /** Makes it durable: the file, its sidecar, and their names. */
  async sync(): Promise<void> {
    if (this.path === null) return;
    const through = { signal: this.#signal };
    await this.#step(async () => {
      const { store, place, file } = await this.#flush();
      await file.sync(through);
      await file.prove(through);
      await this.#writeSidecar(store, sidecarPath(place));
      await store.syncFolder(dirname(place), through);
    });
  }

  /** Of a run that failed: keeps what was met so far, if that can be. Answers why not, or null. */
  async keep(): Promise<unknown> {
    if (this.path === null) return null;
    try {
      const { file } = await this.#flush();
      await file.sync({ signal: this.#signal });
      return null;
    } catch (error) {
      return error;
    }
  }

  /** Removes it, where nobody needs it: what is in it is in another file too. */
  async discard(): Promise<void> {
    this.#size = 0;
    const open = this.#open;
    this.#open = null;
    await open?.file[Symbol.asyncDispose]();
    await open?.store.remove(open.place, { signal: this.#signal }).catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.file[Symbol.asyncDispose]();
  }

  async #flush(): Promise<Opened> {
    this.#open ??= await this.#create();
    const bytes = this.#pending.subarray(0, this.#size);
    this.#size = 0;
    await this.#open.file.write(bytes, { signal: this.#signal });
    return this.#open;
  }

  async #create(): Promise<Opened> {
    const through = { signal: this.#signal };
    const { path, stores } = this.#options;
    const store = await stores.of(path);
    for (const folder of await store.makeFolders(dirname(path), through)) await store.setMode(folder, 0o700, through);
    const place = await store.resolve(path, through);
    await removeFile(store, sidecarPath(place), through);
    await removeFile(store, place, through);
    const file = await store.create(place, MODE, through);
    await file.setMode(MODE, through);
    return { store, place, file };
  }

  async #writeSidecar(store: Store, path: string): Promise<void> {
    const through = { signal: this.#signal };
    await removeFile(store, path, through);
    await using file = await store.create(path, MODE, through);
    await file.setMode(MODE, through);
    await file.write(Buffer.from(this.#options.sidecar()), through);
    await file.sync(through);
    await file.prove(through);
    await file.close();
  }

  async #step(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (!(error instanceof AtlasError)) throw error;
      const { code, message, hint } = error;
      throw new AtlasError(code, `the reject file could not be written: ${message}`, {
        cause: error,
        place: { file: this.#options.path },
        hint,
      });
    }
  }
}

/** Removes a file for good; anything else that stands there is not ours. */
async function removeFile(store: Store, path: string, through: { readonly signal: AbortSignal }): Promise<void> {
  const { kind } = await store.look(path, through);
  if (kind === 'absent') return;
  if (kind !== 'file') throw new AtlasError('ATLAS_STORE_WRITE', `there is a ${kind} at ${path}`);
  await store.remove(path, through);
  await store.syncFolder(dirname(path), through);
}
