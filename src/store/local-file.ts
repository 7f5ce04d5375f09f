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
  readonly #handle: FileHandle;
  #length: number;
  #unflushed = 0;
  #flush: Promise<void> | null = null;
  #dead: AtlasError | null = null;
  #closed = false;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.path = path;
    this.#handle = handle;
    this.#length = length;
  }

  static async create(path: string, mode: number, options: StoreOptions): Promise<LocalFile> {
    const handle = await storeStep('create', path, options, () => open(path, 'wx', mode));
    return new LocalFile(path, handle, 0);
  }

  static async reopen(path: string, length: number, options: StoreOptions): Promise<LocalFile> {
    const handle = await storeStep('open', path, options, () => open(path, 'r+'));
    const file = new LocalFile(path, handle, length);
    const found = await file.look(options);
    if (found.kind === 'file' && found.length === length) return file;
    await file.close();
    const now = found.kind === 'file' ? `${found.length} bytes` : found.kind;
    throw new AtlasError('ATLAS_STORE_WRITE', `${path} was left at ${length} bytes and is now ${now}`);
  }

  get length(): number {
    return this.#length;
  }

  async write(bytes: Uint8Array, options: StoreOptions): Promise<void> {
    await this.#step('write', options, async () => {
      let done = 0;
      while (done < bytes.byteLength) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.byteLength - done, this.#length);
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
    await this.#step('sync', options, () => this.#handle.sync());
  }

  async setMode(mode: number, options: StoreOptions): Promise<void> {
    await this.#step('set the mode of', options, () => this.#handle.chmod(mode));
  }

  async look(options: StoreOptions): Promise<Found> {
    return foundOf(await this.#step('look at', options, () => this.#handle.stat({ bigint: true })));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#flush?.catch(() => undefined);
    try {
      await this.#handle.close();
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
    this.#flush = this.#handle.datasync().catch((error: unknown) => {
      this.#dead ??= storeError(error, 'sync', this.path);
    });
  }

  async #flushed(): Promise<void> {
    await this.#flush;
    this.#flush = null;
    if (this.#dead !== null) throw this.#dead;
  }

  async #step<T>(what: string, { signal }: StoreOptions, step: () => Promise<T>): Promise<T> {
    if (this.#dead !== null) throw this.#dead;
    signal.throwIfAborted();
    try {
      return await step();
    } catch (error) {
      this.#dead = storeError(error, what, this.path);
      throw this.#dead;
    }
  }
}
