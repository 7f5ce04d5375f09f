// Digits → numbers, eight and sixteen at a time.

// 16 zero bytes, then 16 of 0xff: loaded at +n it keeps the last n bytes of a vector.
export const KEEP_LAST: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
]);

// The same for 8 bytes: an u64 for each number of bytes kept.
const KEEP_LAST_8: usize = memory.data<u64>([
  0, 0xff00000000000000, 0xffff000000000000, 0xffffff0000000000, 0xffffffff00000000, 0xffffffffff000000, 0xffffffffffff0000, 0xffffffffffffff00,
  0xffffffffffffffff,
]);

// Vectors that loops load, because a constant one is put together anew each time.
const LOW_BYTES: usize = memory.data<u16>([255, 255, 255, 255, 255, 255, 255, 255]);
const TENS: usize = memory.data<u16>([10, 10, 10, 10, 10, 10, 10, 10]);
const HUNDREDS: usize = memory.data<u16>([100, 1, 100, 1, 100, 1, 100, 1]);
const TEN_THOUSANDS: usize = memory.data<u16>([10000, 1, 10000, 1, 10000, 1, 10000, 1]);
const NINES: usize = memory.data<u8>([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
const ZEROES: usize = memory.data<u8>([48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48]);
const POINTS: usize = memory.data<u8>([30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30]);

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

// The last n (0 to 8) bytes before e, ^ 0x30, the bytes before them 0.
// @ts-ignore: decorator
@inline
export function lastBytes(e: usize, n: usize): u64 {
  return (load<u64>(e - 8) ^ 0x3030303030303030) & load<u64>(KEEP_LAST_8 + (n << 3));
}

// The last n (0 to 16) bytes before e, ^ 0x30, the bytes before them 0.
// @ts-ignore: decorator
@inline
export function lastVector(e: usize, n: usize): v128 {
  return v128.and(v128.xor(v128.load(e - 16), v128.load(ZEROES)), v128.load(KEEP_LAST + n));
}

// ASCII digits ^ 0x30.
// @ts-ignore: decorator
@inline
export function zeroBased(c: v128): v128 { return v128.xor(c, v128.load(ZEROES)); }

// Points among bytes ^ 0x30.
// @ts-ignore: decorator
@inline
export function points(d: v128): u32 { return <u32>i8x16.bitmask(i8x16.eq(d, v128.load(POINTS))); }

// Without the point that has `after` bytes behind it: the digits before it move one up, over it.
// @ts-ignore: decorator
@inline
export function withoutPoint(d: v128, after: usize): v128 {
  const moved = i8x16.shuffle(i8x16.splat(0), d, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
  return v128.bitselect(d, moved, v128.load(KEEP_LAST + after));
}

// What exceeds 9, in each byte.
// @ts-ignore: decorator
@inline
export function aboveNine(d: v128): v128 { return i8x16.sub_sat_u(d, v128.load(NINES)); }

// Pairs of digits (already ^ 0x30) as numbers, one in each 16 bit lane.
// @ts-ignore: decorator
@inline
export function pairs(d: v128): v128 {
  return i16x8.add(i16x8.mul(v128.and(d, v128.load(LOW_BYTES)), v128.load(TENS)), i16x8.shr_u(d, 8));
}

// The value of 16 digits (already ^ 0x30), first digit in lane 0.
// @ts-ignore: decorator
@inline
export function sixteenDigits(d: v128): u64 {
  const fours = i32x4.dot_i16x8_s(pairs(d), v128.load(HUNDREDS));
  const narrow = i16x8.narrow_i32x4_s(fours, fours);
  const eights = i32x4.dot_i16x8_s(narrow, v128.load(TEN_THOUSANDS));
  const both = i64x2.extract_lane(eights, 0);
  return (both & 0xffffffff) * 100000000 + (both >>> 32);
}

// Days since 1970-01-01 of a proleptic Gregorian date, years 1 to 9999.
// @ts-ignore: decorator
@inline
export function daysFromCivil(y: i32, m: i32, d: i32): i32 {
  const p = y - 1;
  const c = hundreds(p);
  return p * 365 + (p >> 2) - c + (c >> 2) + <i32>load<u16>(BEFORE_MONTH + (<usize>(m + (isLeap(y) << 4)) << 1)) + d - 719163;
}

// y / 100, for y up to 43698.
// @ts-ignore: decorator
@inline
function hundreds(y: i32): i32 { return <i32>((<u32>y * 5243) >> 19); }

// 1 in a leap year, 0 in others, for y up to 102499: a multiplication puts what decides (the low two bits, and whether 25 and 16
// divide it) into the bits of the mask. A test goes through all years there are.
// @ts-ignore: decorator
@inline
export function isLeap(y: i32): i32 { return <i32>((<u32>y * 1073750999 & 3221352463) <= 126976); }

// Days before each month (from 1 on) and days of each month: 16 entries for common years, 16 for leap years.
export const BEFORE_MONTH: usize = memory.data<u16>([
  0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 0, 0, 0, 0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 0, 0, 0,
]);
export const MONTH_DAYS: usize = memory.data<u8>([
  0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0, 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0,
]);

// Whether a date exists, in years 1 to 9999.
// @ts-ignore: decorator
@inline
export function isDate(y: i32, m: i32, d: i32): bool {
  return y >= 1 && <u32>(m - 1) < 12 && <u32>(d - 1) < <u32>load<u8>(MONTH_DAYS + <usize>(m + (isLeap(y) << 4)));
}

// Writes a whole number in digits; returns their end.
export function writeNumber(w: usize, value: i64): usize {
  if (value < 0) { store<u8>(w, 45); w++; value = -value; }
  let digits: usize = 1;
  for (let v = value; v > 9; v /= 10) digits++;
  for (let k = digits; k > 0; k--) { store<u8>(w + k - 1, 48 + <u8>(value % 10)); value /= 10; }
  return w + digits;
}

// The same for the host, whose numbers are floats.
export function csvDigits(value: f64, w: usize): usize { return writeNumber(w, <i64>value); }
