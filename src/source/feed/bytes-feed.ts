import type { ByteFeed } from './byte-feed.ts';

/** Bytes that are in memory already. */
export class BytesFeed implements ByteFeed {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get taken(): number {
    return this.#at;
  }

  fill(target: Uint8Array): number {
    const part = this.#bytes.subarray(this.#at, this.#at + target.length);
    target.set(part);
    this.#at += part.length;
    return part.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
