// DELTA_BINARY_PACKED: blocks of 128 deltas in four miniblocks of 32 (Parquet, "Delta Encoding").
import { pack64, packGroups, putVarint } from './parquet-pack';

const BLOCK_VALUES: i32 = 128;
const MINIBLOCKS: i32 = 4;

// @ts-ignore: decorator
@inline function zigzag(v: i64): u64 {
  return (<u64>v << 1) ^ <u64>(v >> 63);
}

/** Encodes `n` values of 4 or 8 bytes; `deltas` is scratch of 128 × 8 bytes and `narrow` of 32 × 4. Answers the address after the last byte. */
export function packDelta(from: usize, n: i32, width: i32, to: usize, deltas: usize, narrow: usize): usize {
  to = putVarint(to, <u64>BLOCK_VALUES);
  to = putVarint(to, <u64>MINIBLOCKS);
  to = putVarint(to, <u64>n);
  if (n == 0) return putVarint(to, 0);
  to = putVarint(to, zigzag(width == 8 ? load<i64>(from) : <i64>load<i32>(from)));
  for (let i = 1; i < n; i += BLOCK_VALUES) {
    const k = min(BLOCK_VALUES, n - i);
    const least = width == 8 ? subtract64(from, i, k, deltas) : subtract32(from, i, k, deltas);
    // 32-bit deltas wrap at 32 bits, and so does what stands above the smallest
    const mask: u64 = width == 8 ? ~(<u64>0) : 0xffffffff;
    to = putVarint(to, zigzag(least));
    const widths = to;
    store<u32>(widths, 0);
    to += MINIBLOCKS;
    for (let m = 0; m < MINIBLOCKS && (m << 5) < k; m++) {
      const at = deltas + (<usize>m << 8);
      const held = min(32, k - (m << 5));
      let all: u64 = 0;
      for (let j = 0; j < held; j++) {
        const v = (load<u64>(at + (<usize>j << 3)) - <u64>least) & mask;
        store<u64>(at + (<usize>j << 3), v);
        all |= v;
      }
      for (let j = held; j < 32; j++) store<u64>(at + (<usize>j << 3), 0);
      const bits = 64 - <i32>clz(all);
      store<u8>(widths + <usize>m, <u8>bits);
      if (bits == 0) continue;
      if (bits <= 32) {
        for (let j: usize = 0; j < 32; j += 4) {
          v128.store(
            narrow + (j << 2),
            i8x16.shuffle(
              v128.load(at + (j << 3)), v128.load(at + (j << 3), 16),
              0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27,
            ),
          );
        }
        to = packGroups(narrow, 4, bits, to);
      } else to = pack64(at, 32, bits, to);
    }
  }
  return to;
}

// Deltas of values i … i + k against their predecessors; answers the smallest.
function subtract64(from: usize, i: i32, k: i32, deltas: usize): i64 {
  let least = i64x2.splat(i64.MAX_VALUE);
  let at = from + (<usize>i << 3);
  let j = 0;
  for (; j + 2 <= k; j += 2) {
    const d = i64x2.sub(v128.load(at), v128.load(at - 8));
    v128.store(deltas + (<usize>j << 3), d);
    least = v128.bitselect(d, least, i64x2.lt_s(d, least));
    at += 16;
  }
  let low = min(i64x2.extract_lane(least, 0), i64x2.extract_lane(least, 1));
  if (j < k) {
    const d = load<i64>(at) - load<i64>(at - 8);
    store<i64>(deltas + (<usize>j << 3), d);
    low = min(low, d);
  }
  return low;
}

function subtract32(from: usize, i: i32, k: i32, deltas: usize): i64 {
  let low: i64 = i64.MAX_VALUE;
  let at = from + (<usize>i << 2);
  for (let j = 0; j < k; j++) {
    // a variable of its own, or the difference would be taken in 64 bits
    const d: i32 = load<i32>(at) - load<i32>(at - 4);
    store<i64>(deltas + (<usize>j << 3), <i64>d);
    low = min(low, <i64>d);
    at += 4;
  }
  return low;
}
