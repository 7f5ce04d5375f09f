import { type FileHandle, open } from 'node:fs/promises';
import type { StoreOptions, StoreReader } from './store.ts';
import { storeStep } from './store-error.ts';

/** A file on local disk, read at any place; see `StoreReader`. */
export class LocalReader implements StoreReader {
  readonly length: number;
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #options: StoreOptions;

  private constructor(path: string, handle: FileHandle, length: number, options: StoreOptions) {
    this.#path = path;
    this.#handle = handle;
    this.length = length;
    this.#options = options;
  }

  static async open(path: string, options: StoreOptions): Promise<LocalReader> {
    const handle = await storeStep('open', path, options, () => open(path, 'r'));
    const stats = await storeStep('look at', path, options, () => handle.stat());
    return new LocalReader(path, handle, stats.size, options);
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close().catch(() => undefined);
  }
}
