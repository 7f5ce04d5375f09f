/**
 * Where the bytes of a feed came from, where the feed changed them: positions and bytes of the input as it was written (inflated, in
 * its own encoding), for what lies in the window. Asking in ascending order costs one pass over the input, all together.
 */
export interface Origin {
  /** Position in the input of the character that a position in the feed stands in, or at. */
  positionOf(position: number): number;
  /** Position in the input behind what became the bytes of the feed that end at a position: its own, or behind the record it is part of. */
  endOf(position: number): number;
  /** Bytes of the input from one of its positions to another. */
  slice(from: number, to: number): Uint8Array;
  /** Nothing before this position of the feed will be asked for. */
  forget(position: number): void;
  /** Fails with ATLAS_INTERNAL unless the feed ended at this position of its own, with no byte of the input left. */
  confirmEnd(position: number): void;
}
