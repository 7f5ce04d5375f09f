import { AtlasError } from '../../errors.ts';
import type { Input } from '../input.ts';
import type { ByteFeed } from './byte-feed.ts';

/**
 * The bytes of an input from a position on, up to the size that it had when it was opened; a local file answers at once. Closes the
 * input.
 */
export class FileFeed implements ByteFeed {
  readonly #file: Input;
  readonly #from: number;
  #position: number;

  constructor(file: Input, position: number) {
    this.#file = file;
    this.#from = position;
    this.#position = position;
  }

  get taken(): number {
    return this.#position - this.#from;
  }

  fill(target: Uint8Array): number | Promise<number> {
    const asked = Math.max(0, Math.min(target.length, this.#file.bytes - this.#position));
    if (asked === 0) return 0;
    const answer = this.#file.read(target.subarray(0, asked), this.#position);
    return typeof answer === 'number' ? this.#pass(answer, asked) : answer.then((count) => this.#pass(count, asked));
  }

  #pass(count: number, asked: number): number {
    this.#position += count;
    if (count === asked) return count;
    throw new AtlasError(
      'ATLAS_INPUT_CHANGED',
      `${this.#file.path} had ${this.#file.bytes} bytes when it was opened, and ends at ${this.#position} now`,
      { place: { file: this.#file.path } },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}
