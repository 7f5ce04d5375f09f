// Minimum and maximum of the open page.
import { BOUND, Column, F32, F64, FIXED_BYTES, FIXED_SIGNED, I32, I64, U32, U64 } from './parquet-column';
import { compareText, copyShort, textKey } from './parquet-text';

export function clearBounds(c: Column): void {
  c.bounded = 0;
  c.minFloat = f64.POSITIVE_INFINITY;
  c.maxFloat = f64.NEGATIVE_INFINITY;
}

export function boundFixed(c: Column, from: usize, n: i32): void {
  if (n == 0) return;
  const kind = c.physical;
  if (kind == I64) {
    let low = c.bounded ? c.minInteger : i64.MAX_VALUE;
    let high = c.bounded ? c.maxInteger : i64.MIN_VALUE;
    let l2 = i64x2.splat(low);
    let h2 = i64x2.splat(high);
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      const v = v128.load(from + (<usize>i << 3));
      l2 = v128.bitselect(v, l2, i64x2.lt_s(v, l2));
      h2 = v128.bitselect(v, h2, i64x2.gt_s(v, h2));
    }
    low = min(i64x2.extract_lane(l2, 0), i64x2.extract_lane(l2, 1));
    high = max(i64x2.extract_lane(h2, 0), i64x2.extract_lane(h2, 1));
    if (i < n) {
      const v = load<i64>(from + (<usize>i << 3));
      low = min(low, v);
      high = max(high, v);
    }
    c.minInteger = low;
    c.maxInteger = high;
    c.bounded = 1;
  } else if (kind == F64) {
    let l2 = f64x2.splat(c.minFloat);
    let h2 = f64x2.splat(c.maxFloat);
    let i = 0;
    for (; i + 2 <= n; i += 2) {
      const v = v128.load(from + (<usize>i << 3));
      l2 = f64x2.pmin(l2, v); // v < low ? v : low, so that NaN never enters
      h2 = f64x2.pmax(h2, v);
    }
    if (i < n) {
      const v = f64x2.splat(load<f64>(from + (<usize>i << 3)));
      l2 = f64x2.pmin(l2, v);
      h2 = f64x2.pmax(h2, v);
    }
    c.minFloat = min(f64x2.extract_lane(l2, 0), f64x2.extract_lane(l2, 1));
    c.maxFloat = max(f64x2.extract_lane(h2, 0), f64x2.extract_lane(h2, 1));
    c.bounded = c.minFloat <= c.maxFloat ? 1 : 0;
  } else if (kind == I32) {
    let l4 = i32x4.splat(c.bounded ? <i32>c.minInteger : i32.MAX_VALUE);
    let h4 = i32x4.splat(c.bounded ? <i32>c.maxInteger : i32.MIN_VALUE);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const v = v128.load(from + (<usize>i << 2));
      l4 = i32x4.min_s(l4, v);
      h4 = i32x4.max_s(h4, v);
    }
    for (; i < n; i++) {
      const v = i32x4.splat(load<i32>(from + (<usize>i << 2)));
      l4 = i32x4.min_s(l4, v);
      h4 = i32x4.max_s(h4, v);
    }
    c.minInteger = <i64>min(
      min(i32x4.extract_lane(l4, 0), i32x4.extract_lane(l4, 1)),
      min(i32x4.extract_lane(l4, 2), i32x4.extract_lane(l4, 3)),
    );
    c.maxInteger = <i64>max(
      max(i32x4.extract_lane(h4, 0), i32x4.extract_lane(h4, 1)),
      max(i32x4.extract_lane(h4, 2), i32x4.extract_lane(h4, 3)),
    );
    c.bounded = 1;
  } else if (kind == U32) {
    let low = c.bounded ? <u32>c.minInteger : u32.MAX_VALUE;
    let high = c.bounded ? <u32>c.maxInteger : 0;
    for (let i = 0; i < n; i++) {
      const v = load<u32>(from + (<usize>i << 2));
      low = min(low, v);
      high = max(high, v);
    }
    c.minInteger = <i64>low;
    c.maxInteger = <i64>high;
    c.bounded = 1;
  } else if (kind == U64) {
    let low = c.bounded ? <u64>c.minInteger : u64.MAX_VALUE;
    let high = c.bounded ? <u64>c.maxInteger : 0;
    for (let i = 0; i < n; i++) {
      const v = load<u64>(from + (<usize>i << 3));
      low = min(low, v);
      high = max(high, v);
    }
    c.minInteger = <i64>low;
    c.maxInteger = <i64>high;
    c.bounded = 1;
  } else if (kind == F32) {
    let low = c.minFloat;
    let high = c.maxFloat;
    for (let i = 0; i < n; i++) {
      const v = <f64>load<f32>(from + (<usize>i << 2));
      low = v < low ? v : low;
      high = v > high ? v : high;
    }
    c.minFloat = low;
    c.maxFloat = high;
    c.bounded = low <= high ? 1 : 0;
  } else if (kind == FIXED_SIGNED || kind == FIXED_BYTES) {
    const width = <usize>c.width;
    const flip: u64 = kind == FIXED_SIGNED ? 0x8000000000000000 : 0;
    let i = 0;
    if (c.bounded == 0) {
      copyShort(<usize>c.minAddress, from, <i32>width);
      copyShort(<usize>c.maxAddress, from, <i32>width);
      c.minLength = <u32>width;
      c.maxLength = <u32>width;
      c.minExact = 1;
      c.maxExact = 1;
      c.bounded = 1;
      i = 1;
    }
    for (; i < n; i++) {
      const at = from + <usize>i * width;
      if (lessFixed(at, <usize>c.minAddress, width, flip)) copyShort(<usize>c.minAddress, at, <i32>width);
      else if (lessFixed(<usize>c.maxAddress, at, width, flip)) copyShort(<usize>c.maxAddress, at, <i32>width);
    }
  }
}

// Big-endian order of two values of 8 to 16 bytes; `flip` turns the sign bit.
// @ts-ignore: decorator
@inline function lessFixed(a: usize, b: usize, width: usize, flip: u64): bool {
  const x = bswap(load<u64>(a)) ^ flip;
  const y = bswap(load<u64>(b)) ^ flip;
  if (x != y) return x < y;
  return bswap(load<u64>(a + width - 8)) < bswap(load<u64>(b + width - 8));
}

// Takes one text value into the open page's bounds, which hold at most BOUND bytes of it.
export function boundText(c: Column, at: usize, length: i32): void {
  const kept = min(length, BOUND);
  const exact: u32 = length <= BOUND ? 1 : 0;
  if (c.bounded == 0) {
    c.bounded = 1;
    copyShort(<usize>c.minAddress, at, kept);
    copyShort(<usize>c.maxAddress, at, kept);
    c.minLength = <u32>kept;
    c.maxLength = <u32>kept;
    c.minExact = exact;
    c.maxExact = exact;
    return;
  }
  const low = compareText(at, kept, <usize>c.minAddress, <i32>c.minLength);
  if (low < 0) {
    copyShort(<usize>c.minAddress, at, kept);
    c.minLength = <u32>kept;
    c.minExact = exact;
  } else if (low == 0) c.minExact |= exact;
  const high = compareText(at, kept, <usize>c.maxAddress, <i32>c.maxLength);
  if (high > 0) {
    copyShort(<usize>c.maxAddress, at, kept);
    c.maxLength = <u32>kept;
    c.maxExact = exact;
  } else if (high == 0) c.maxExact &= exact;
}

// The same for values between two offsets.
export function boundTexts(c: Column, offsets: usize, data: usize, n: i32): void {
  if (n == 0) return;
  let i = 0;
  if (c.bounded == 0) {
    const start = load<u32>(offsets);
    boundText(c, data + <usize>start, <i32>(load<u32>(offsets, 4) - start));
    i = 1;
  }
  let low = textKey(<usize>c.minAddress, <i32>c.minLength);
  let high = textKey(<usize>c.maxAddress, <i32>c.maxLength);
  let start = load<u32>(offsets + (<usize>i << 2));
  for (; i < n; i++) {
    const end = load<u32>(offsets + (<usize>(i + 1) << 2));
    const length = <i32>(end - start);
    const key = textKey(data + <usize>start, length);
    if (key <= low || key >= high) {
      boundText(c, data + <usize>start, length);
      low = textKey(<usize>c.minAddress, <i32>c.minLength);
      high = textKey(<usize>c.maxAddress, <i32>c.maxLength);
    }
    start = end;
  }
}
