// Digits → numbers, eight and sixteen at a time.

// 16 zero bytes, then 16 of 0xff: loaded at +n it keeps the last n bytes of a vector.
export const KEEP_LAST: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]);

// Whether every byte of `x` (ASCII digits ^ 0x30) is 0 to 9.
// @ts-ignore: decorator
@inline
export function areDigits(x: u64): bool { return (((x + 0x7676767676767676) | x) & 0x8080808080808080) == 0; }

// The value of eight digits (already ^ 0x30), first digit in the lowest byte.
// @ts-ignore: decorator
@inline
export function eightDigits(x: u64): u64 {
  const v = x * 10 + (x >> 8);
  return (((v & 0x000000ff000000ff) * 0x000f424000000064) + (((v >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32;
}

// The last n (1 to 8) bytes before e, ^ 0x30, the bytes before them 0.
// @ts-ignore: decorator
@inline
export function lastBytes(e: usize, n: usize): u64 {
  const shift = <u64>(8 - n) << 3;
  return ((load<u64>(e - 8) ^ 0x3030303030303030) >> shift) << shift;
}

// The value of 16 digits (already ^ 0x30), first digit in lane 0.
// @ts-ignore: decorator
@inline
export function sixteenDigits(d: v128): u64 {
  const pairs = i16x8.add(i16x8.mul(v128.and(d, i16x8.splat(0xff)), i16x8.splat(10)), i16x8.shr_u(d, 8));
  const fours = i32x4.dot_i16x8_s(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
  const narrow = i16x8.narrow_i32x4_s(fours, fours);
  const eights = i32x4.dot_i16x8_s(narrow, i16x8(10000, 1, 10000, 1, 10000, 1, 10000, 1));
  const both = i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (both >>> 32);
}

// Days since 1970-01-01 of a proleptic Gregorian date.
// @ts-ignore: decorator
@inline
export function daysFromCivil(y: i32, m: i32, d: i32): i32 {
  const leapYear = isLeap(y);
  const p = y - 1;
  const c = p / 100;
  return p * 365 + (p >> 2) - c + (c >> 2) + <i32>load<u16>(BEFORE_MONTH + (<usize>m << 1)) + <i32>(leapYear && m > 2) + d - 719163;
}

// @ts-ignore: decorator
@inline
export function isLeap(y: i32): bool { return (y & 3) == 0 && (y % 100 != 0 || y % 400 == 0); }

export const BEFORE_MONTH: usize = memory.data<u16>([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365, 365, 365]);
export const MONTH_DAYS: usize = memory.data<u8>([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0]);

// Whether a date exists, in years 1 to 9999.
// @ts-ignore: decorator
@inline
export function isDate(y: i32, m: i32, d: i32): bool {
  return y >= 1 && <u32>(m - 1) < 12 && d >= 1 && d <= <i32>load<u8>(MONTH_DAYS + <usize>m) + <i32>(m == 2 && isLeap(y));
}
