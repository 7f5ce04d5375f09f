import { type FileHandle, open } from 'node:fs/promises';
import { AtlasError } from '../errors.ts';
import { foundOf } from './found-of.ts';
import type { Found, StoreFile, StoreOptions } from './store.ts';
import { errnoOf, storeError, storeStep } from './store-error.ts';

/** Bytes after which the disk is set to work while the next ones are being made. */
const FLUSH_EVERY = 64 * 1024 * 1024;

/** A file on local disk, append only; see `StoreFile`. */
export class LocalFile implements StoreFile {
  readonly path: string;
  /** null while it is suspended. */
  #handle: FileHandle | null;
  #length = 0;
  #unflushed = 0;
  #flush: Promise<void> | null = null;
  #dead: AtlasError | null = null;
  #closed = false;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  static async create(path: string, mode: number, options: StoreOptions): Promise<LocalFile> {
    const handle = await storeStep('create', path, options, () => open(path, 'wx', mode));
    return new LocalFile(path, handle);
  }

  get length(): number {
    return this.#length;
  }

  async write(bytes: Uint8Array, options: StoreOptions): Promise<void> {
    await this.#step('write', options, async (handle) => {
      let done = 0;
      while (done < bytes.byteLength) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, this.#length);
        if (bytesWritten === 0) throw new Error(`wrote 0 of ${bytes.byteLength - done} bytes`);
        done += bytesWritten;
        this.#length += bytesWritten;
      }
    });
    this.#unflushed += bytes.byteLength;
    if (this.#unflushed >= FLUSH_EVERY) await this.#flushAhead();
  }

  async sync(options: StoreOptions): Promise<void> {
    await this.#flushed();
    await this.#step('sync', options, (handle) => handle.sync());
  }

  async setMode(mode: number, options: StoreOptions): Promise<void> {
    await this.#step('set the mode of', options, (handle) => handle.chmod(mode));
  }

  async look(options: StoreOptions): Promise<Found> {
    return foundOf(await this.#step('look at', options, (handle) => handle.stat({ bigint: true })));
  }

  async suspend(options: StoreOptions): Promise<void> {
    if (this.#handle === null) return;
    await this.sync(options);
    await this.#step('close', options, async (handle) => {
      this.#handle = null;
      await handle.close();
    });
  }

  /** The system's own calls said what became of every byte. */
  async prove(): Promise<null> {
    return null;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flush?.catch(() => undefined);
    try {
      await this.#handle?.close();
    } catch (error) {
      if (errnoOf(error) !== 'EBADF') throw storeError(error, 'close', this.path);
    }
    if (this.#dead !== null) throw this.#dead;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(() => undefined);
  }

  /** Lets the disk write what there is, while the caller makes more; a failure shows at the next step. */
  async #flushAhead(): Promise<void> {
    await this.#flushed();
    this.#unflushed = 0;
    this.#flush = (await this.#opened()).datasync().catch((error: unknown) => {
      this.#dead ??= storeError(error, 'sync', this.path);
    });
  }

  async #flushed(): Promise<void> {
    await this.#flush;
    this.#flush = null;
    if (this.#dead !== null) throw this.#dead;
  }

  async #step<T>(what: string, { signal }: StoreOptions, step: (handle: FileHandle) => Promise<T>): Promise<T> {
    if (this.#dead !== null) throw this.#dead;
    signal.throwIfAborted();
    try {
      return await step(await this.#opened());
    } catch (error) {
      this.#dead = storeError(error, what, this.path);
      throw this.#dead;
    }
  }

  async #opened(): Promise<FileHandle> {
    if (this.#handle !== null) return this.#handle;
    const handle = await open(this.path, 'r+');
    const found = foundOf(await handle.stat({ bigint: true }));
    if (found.kind === 'file' && found.length === this.#length) {
      this.#handle = handle;
      return handle;
    }
    await handle.close();
    const now = found.kind === 'file' ? `${found.length} bytes` : found.kind;
    throw new AtlasError('ATLAS_STORE_WRITE', `${this.path} was left at ${this.#length} bytes and is now ${now}`);
  }
}
