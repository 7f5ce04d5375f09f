import type { ByteFeed } from '../../../src/source/feed/byte-feed.ts';

/** Bytes that are there at once. */
export class MemoryFeed implements ByteFeed {
  taken = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  fill(target: Uint8Array): number {
    const part = this.#bytes.subarray(this.taken, this.taken + target.length);
    target.set(part);
    this.taken += part.length;
    return part.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** All bytes of a feed, asked for in portions of `size`. */
export async function drain(feed: ByteFeed, size = 1000): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = new Uint8Array(size);
    const count = await feed.fill(part);
    parts.push(part.subarray(0, count));
    if (count < size) return Buffer.concat(parts);
  }
}
