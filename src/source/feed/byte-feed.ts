import type { Origin } from './origin.ts';

/** Bytes of one input in order, decompressed and in UTF-8. */
export interface ByteFeed extends AsyncDisposable {
  /** Stored (compressed) bytes taken so far. */
  readonly taken: number;
  /** Left out where the bytes are those of the (decompressed) input. */
  readonly origin?: Origin;
  /**
   * Fills `target` completely, or up to the end of the input, and answers how many bytes it wrote: fewer than asked means the
   * end, never that a pipe was slow. A plain file answers at once.
   */
  fill(target: Uint8Array): number | Promise<number>;
}

/** The bytes of a feed as chunks of `size`, the last one shorter. */
export async function* chunksOf(feed: ByteFeed, size: number): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = new Uint8Array(size);
    const count = await feed.fill(chunk);
    if (count > 0) yield chunk.subarray(0, count);
    if (count < size) return;
  }
}
