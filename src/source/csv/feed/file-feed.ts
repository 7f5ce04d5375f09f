import { AtlasError } from '../../../errors.ts';
import type { ByteFeed } from './byte-feed.ts';
import type { InputFile } from './input-file.ts';

/** The bytes of a plain file from a position on, up to the size that it had when it was opened. Closes the file. */
export class FileFeed implements ByteFeed {
  readonly #file: InputFile;
  readonly #from: number;
  #position: number;

  constructor(file: InputFile, position: number) {
    this.#file = file;
    this.#from = position;
    this.#position = position;
  }

  get taken(): number {
    return this.#position - this.#from;
  }

  fill(target: Uint8Array): number {
    const asked = Math.max(0, Math.min(target.length, this.#file.bytes - this.#position));
    if (asked === 0) return 0;
    const count = this.#file.read(target.subarray(0, asked), this.#position);
    this.#position += count;
    if (count === asked) return count;
    throw new AtlasError(
      'ATLAS_INPUT_CHANGED',
      `${this.#file.path} had ${this.#file.bytes} bytes when it was opened, and ends at ${this.#position} now`,
      { place: { file: this.#file.path } },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#file[Symbol.dispose]();
  }
}
