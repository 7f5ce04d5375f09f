// From Arrow storage to Parquet's physical types.
import { NARROW_32, NARROW_64, REVERSE, SECONDS_32, WIDEN_I16, WIDEN_I8, WIDEN_U16, WIDEN_U8 } from './parquet-column';

// Largest and smallest seconds whose milliseconds fit 64 bits.
const MAX_SECONDS: i64 = 9223372036854775;

// Answers false where a value would overflow; then nothing of `to` is of use.
export function convert(kind: u32, width: u32, from: usize, n: i32, to: usize): bool {
  if (kind == WIDEN_I8) for (let i = 0; i < n; i++) store<i32>(to + (<usize>i << 2), <i32>load<i8>(from + <usize>i));
  else if (kind == WIDEN_U8) for (let i = 0; i < n; i++) store<i32>(to + (<usize>i << 2), <i32>load<u8>(from + <usize>i));
  else if (kind == WIDEN_I16) for (let i = 0; i < n; i++) store<i32>(to + (<usize>i << 2), <i32>load<i16>(from + (<usize>i << 1)));
  else if (kind == WIDEN_U16) for (let i = 0; i < n; i++) store<i32>(to + (<usize>i << 2), <i32>load<u16>(from + (<usize>i << 1)));
  else if (kind == SECONDS_32) for (let i = 0; i < n; i++) store<i32>(to + (<usize>i << 2), load<i32>(from + (<usize>i << 2)) * 1000);
  else if (kind == NARROW_32) for (let i = 0; i < n; i++) store<i32>(to + (<usize>i << 2), load<i32>(from + (<usize>i << 4)));
  else if (kind == NARROW_64) for (let i = 0; i < n; i++) store<i64>(to + (<usize>i << 3), load<i64>(from + (<usize>i << 4)));
  else if (kind == REVERSE) {
    let order = i8x16.splat(<i8>width - 1);
    order = i8x16.sub(order, i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    for (let i = 0; i < n; i++) {
      v128.store(to, i8x16.swizzle(v128.load(from + (<usize>i << 4)), order));
      to += <usize>width;
    }
  } else {
    // SECONDS_64
    let wrong: bool = false;
    for (let i = 0; i < n; i++) {
      const v = load<i64>(from + (<usize>i << 3));
      wrong = wrong || v > MAX_SECONDS || v < -MAX_SECONDS;
      store<i64>(to + (<usize>i << 3), v * 1000);
    }
    return !wrong;
  }
  return true;
}
