import { createHash } from 'node:crypto';
import { AtlasError } from '../../errors.ts';
import type { StagedFile } from '../../flow/sink.ts';
import type { Store, StoreOptions, StoreReader } from '../../store/store.ts';
import type { FileLayout, NewLayout, WrittenFile } from './file-layout.ts';

/** Length of the footer, and the magic number. */
const TAIL = 8;
const MAGIC = 'PAR1';
const BLOCK = 1 << 20;

/** A published Parquet file that another one goes on from. */
export class WrittenParquet implements WrittenFile, AsyncDisposable {
  readonly footer: Uint8Array;
  readonly position: number;
  readonly #path: string;
  readonly #reader: StoreReader;
  readonly #expected: StagedFile;

  private constructor(path: string, reader: StoreReader, expected: StagedFile, footer: Uint8Array) {
    this.#path = path;
    this.#reader = reader;
    this.#expected = expected;
    this.footer = footer;
    this.position = reader.length - TAIL - footer.length;
  }

  /** Fails with ATLAS_REPLAY_TARGET where the file has another length, or does not end as it should. */
  static async open(store: Store, path: string, expected: StagedFile, options: StoreOptions): Promise<WrittenParquet> {
    const reader = await store.open(path, options);
    try {
      if (reader.length !== expected.bytes) {
        throw changed(path, `${path} has ${reader.length} bytes, ${expected.bytes} were published`);
      }
      const tail = Buffer.from(await reader.read(Math.max(0, reader.length - TAIL), reader.length));
      const length = tail.length === TAIL ? tail.readUInt32LE(0) : 0;
      const position = reader.length - TAIL - length;
      if (tail.toString('latin1', 4) !== MAGIC || length === 0 || position < MAGIC.length) {
        throw changed(path, `${path} does not end as a Parquet file does`);
      }
      return new WrittenParquet(path, reader, expected, await reader.read(position, position + length));
    } catch (error) {
      await reader[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The layout that goes on from here. Where there is none, the file's being another one is the better reason. */
  async layOut(newLayout: NewLayout): Promise<FileLayout> {
    try {
      return newLayout(this);
    } catch (error) {
      await this.copy(async () => {});
      throw error;
    }
  }

  /** Hands over all that precedes the footer. Fails with ATLAS_REPLAY_TARGET where the whole file has another checksum. */
  async copy(write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
    const hash = createHash('sha256');
    const { length } = this.#reader;
    for (let at = 0; at < length; at += BLOCK) {
      const bytes = await this.#reader.read(at, Math.min(length, at + BLOCK));
      hash.update(bytes);
      const kept = Math.max(0, Math.min(bytes.length, this.position - at));
      if (kept > 0) await write(bytes.subarray(0, kept));
    }
    const found = hash.digest('hex');
    const { sha256 } = this.#expected;
    if (found === sha256) return;
    throw changed(this.#path, `the SHA-256 of ${this.#path} is ${found}, that of what was published is ${sha256}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader[Symbol.asyncDispose]();
  }
}

function changed(path: string, message: string): AtlasError {
  return new AtlasError('ATLAS_REPLAY_TARGET', message, { place: { file: path } });
}
