import type { ByteFeed } from './byte-feed.ts';
import type { Origin } from './origin.ts';

/** Bytes that were read ahead, then the rest of the feed they came from. */
export class PrefixedFeed implements ByteFeed {
  #prefix: Uint8Array;
  readonly #feed: ByteFeed;
  readonly origin?: Origin;

  constructor(prefix: Uint8Array, feed: ByteFeed) {
    this.#prefix = prefix;
    this.#feed = feed;
    if (feed.origin) this.origin = feed.origin;
  }

  get taken(): number {
    return this.#feed.taken;
  }

  async fill(target: Uint8Array): Promise<number> {
    const part = this.#prefix.subarray(0, target.length);
    target.set(part);
    this.#prefix = this.#prefix.subarray(part.length);
    if (part.length === target.length) return part.length;
    return part.length + (await this.#feed.fill(target.subarray(part.length)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#feed[Symbol.asyncDispose]();
  }
}
