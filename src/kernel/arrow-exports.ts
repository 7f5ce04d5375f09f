/** The Arrow loops (`assembly/arrow.ts`). Addresses are offsets into the kernel's memory. */
export interface ArrowExports {
  /** Copies `count` bits; up to 8 bytes from the last one on are overwritten. */
  arrowCopyBits(to: number, toBit: number, from: number, fromBit: number, count: number): void;
  /** Sets `count` bits; up to 8 bytes from the last one on are overwritten. */
  arrowSetBits(to: number, toBit: number, count: number): void;
  /** How many of `count` bits are set. */
  arrowCountBits(bitmap: number, bit: number, count: number): number;
  /** Writes `count` i32, each `delta` more, to `to`; up to 12 bytes more are overwritten. */
  arrowShiftOffsets(to: number, from: number, count: number, delta: number): void;
}
