// The Arrow loops: what appending one slice of a column to another takes, where bits do not begin at a byte and offsets not at 0.
import { copyBits, countBits, setBits } from './parquet-compact';

// Copies `count` bits; up to 8 bytes from the last one on are overwritten.
export function arrowCopyBits(to: usize, toBit: i32, from: usize, fromBit: i32, count: i32): void {
  if ((toBit & 7) == 0 && (fromBit & 7) == 0) {
    memory.copy(to + <usize>(toBit >> 3), from + <usize>(fromBit >> 3), <usize>((count + 7) >> 3));
    return;
  }
  copyBits(to, toBit, from, fromBit, count);
}

// Sets `count` bits; up to 8 bytes from the last one on are overwritten.
export function arrowSetBits(to: usize, toBit: i32, count: i32): void {
  setBits(to, toBit, count);
}

// How many of `count` bits are set.
export function arrowCountBits(bitmap: usize, bit: i32, count: i32): i32 {
  return countBits(bitmap, bit, count);
}

// Adds `delta` to `count` i32 and writes them to `to`; may write 12 bytes more.
export function arrowShiftOffsets(to: usize, from: usize, count: i32, delta: i32): void {
  const add = i32x4.splat(delta);
  for (let i = 0; i < count; i += 4) {
    v128.store(to, i32x4.add(v128.load(from), add));
    to += 16;
    from += 16;
  }
}
