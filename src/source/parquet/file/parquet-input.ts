import { AtlasError } from '../../../errors.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { Input, InputAccess } from '../../input.ts';
import { openInput } from '../../open-input.ts';

/** A Parquet file, open for reading ranges of it, wherever it rests. One read at a time. */
export class ParquetInput implements AsyncDisposable {
  readonly path: string;
  readonly bytes: number;
  readonly identity: string;
  /** The same for all names of one file. */
  readonly inode: string;
  readonly #input: Input;

  private constructor(input: Input) {
    this.path = input.path;
    this.bytes = input.bytes;
    this.identity = input.identity;
    this.inode = input.inode;
    this.#input = input;
  }

  /** Opens a file; where `identity` is given it must have it. Fails with ATLAS_INPUT_*, ATLAS_CONNECTION_UNKNOWN, ATLAS_HDFS_*. */
  static async open(path: string, identity: string | null, access: InputAccess): Promise<ParquetInput> {
    return new ParquetInput(await openInput(path, identity, access));
  }

  /** Bytes `from` to `to` (exclusive), all of them. Fails with ATLAS_INPUT_UNREADABLE, ATLAS_INPUT_CHANGED, ATLAS_HDFS_*. */
  async read(from: number, to: number, { signal }: Abortable): Promise<Uint8Array> {
    signal.throwIfAborted();
    const bytes = new Uint8Array(to - from);
    // one request for these bytes, and no more of them
    this.#input.readsTo(to);
    const count = await this.#input.read(bytes, from);
    if (count === bytes.length) return bytes;
    const message = `${this.path} was ${this.bytes} bytes long when it was opened, and ends at byte ${from + count} now`;
    throw new AtlasError('ATLAS_INPUT_CHANGED', message, { place: { file: this.path } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input[Symbol.asyncDispose]();
  }
}
