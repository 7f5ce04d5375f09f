/** Bytes of one input in order, decompressed. */
export interface ByteFeed extends AsyncDisposable {
  /**
   * Fills `target` completely, or up to the end of the input, and answers how many bytes it wrote: fewer than asked means the
   * end, never that a pipe was slow. A plain file answers at once.
   */
  fill(target: Uint8Array): number | Promise<number>;
}
