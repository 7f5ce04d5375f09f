import type { ByteFeed } from './byte-feed.ts';

const FIRST_READ = 1 << 13;
const PLENTY = 1 << 16;

/** The start of an input, read on demand: the bytes that are known and not yet passed. */
export class Head {
  /** Nothing follows `bytes`. */
  ended = false;
  /** Position of `bytes` in the input. */
  offset = 0;
  bytes: Uint8Array = new Uint8Array(0);
  readonly #feed: ByteFeed;
  #size = FIRST_READ;

  constructor(feed: ByteFeed) {
    this.#feed = feed;
  }

  /** Knows at least as much as before, and twice as much where it was asked for again: a search stays linear. */
  async more(): Promise<void> {
    if (this.ended) return;
    while (this.#size <= this.bytes.length) this.#size *= 2;
    const grown = new Uint8Array(this.#size);
    grown.set(this.bytes);
    const target = grown.subarray(this.bytes.length);
    const count = await this.#feed.fill(target);
    this.ended = count < target.length;
    this.bytes = grown.subarray(0, this.bytes.length + count);
  }

  /** Passes the first `count` bytes. */
  pass(count: number): void {
    this.bytes = this.bytes.subarray(count);
    this.offset += count;
    this.#feed.origin?.forget(this.offset);
    this.#size = Math.min(this.#size, PLENTY);
  }
}
