import { type FileHandle, open } from 'node:fs/promises';
import { foundOf } from './found-of.ts';
import type { StoreOptions, StoreReader } from './store.ts';
import { storeStep } from './store-error.ts';

/** Bytes of a stream that are read at a time. */
const CHUNK = 1024 * 1024;

/** A file on local disk, read at any place; see `StoreReader`. */
export class LocalReader implements StoreReader {
  readonly found: StoreReader['found'];
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #options: StoreOptions;

  private constructor(path: string, handle: FileHandle, found: StoreReader['found'], options: StoreOptions) {
    this.#path = path;
    this.#handle = handle;
    this.found = found;
    this.#options = options;
  }

  static async open(path: string, options: StoreOptions): Promise<LocalReader> {
    const handle = await storeStep('open', path, options, () => open(path, 'r'));
    const stats = await storeStep('look at', path, options, () => handle.stat({ bigint: true }));
    return new LocalReader(path, handle, foundOf(stats), options);
  }

  get length(): number {
    return this.found.length;
  }

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(to - from);
    await storeStep('read', this.#path, this.#options, async () => {
      let done = 0;
      while (done < bytes.byteLength) {
        const { bytesRead } = await this.#handle.read(bytes, done, bytes.byteLength - done, from + done);
        if (bytesRead === 0) throw new Error(`it ends at byte ${from + done}, ${to} were expected`);
        done += bytesRead;
      }
    });
    return bytes;
  }

  async *stream(from: number, to: number): AsyncGenerator<Uint8Array, void, void> {
    for (let at = from; at < to; at += CHUNK) yield await this.read(at, Math.min(to, at + CHUNK));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}
