// Numbers of a column, counted by the class of their spelling.
import { CTX_POWERS, STATUS_RANGE, STATUS_SLOW } from './csv-layout';
import { aboveNine, lastVector, points, sixteenDigits, withoutPoint } from './csv-digits';
import { parseFloat } from './csv-float';
import {
  CLASS_COMMA_EITHER, CLASS_POINT_EITHER, N_AFTER, N_BEFORE, N_BEYOND, N_COUNT, N_EXPONENTS, N_GREATEST, N_LEADING_ZEROS, N_LEAST, N_LONG,
  N_MAGNITUDE, N_PLUS, N_SCALE, N_SIGNED, N_SIZE, P_NUMBERS, WORD_INDEX, WORD_KIND, WORD_SIGN,
} from './profile-layout';
import { countWord, findWord } from './profile-words';

// @ts-ignore: decorator
@inline
function bump(at: usize): void { store<u64>(at, load<u64>(at) + 1); }

// @ts-ignore: decorator
@inline
function raise(at: usize, v: u32): void { if (v > load<u32>(at)) store<u32>(at, v); }

// @ts-ignore: decorator
@inline
function classAt(block: usize, index: u32): usize { return block + P_NUMBERS + <usize>index * N_SIZE; }

// Digits written out in full: `before` and `after` as they stand, of which the first `zeroes` and the last `trailing` are zeroes.
function measure(c: usize, before: i32, after: i32, zeroes: i32, trailing: i32, power: i32): void {
  raise(c + N_AFTER, <u32>after);
  if (zeroes >= before + after) return;
  const whole = before - zeroes + power, scale = after - trailing - power;
  if (whole > 0) raise(c + N_BEFORE, <u32>whole);
  if (scale > 0) raise(c + N_SCALE, <u32>scale);
  if (whole > load<i32>(c, N_MAGNITUDE)) store<i32>(c, whole, N_MAGNITUDE);
}

// @ts-ignore: decorator
@inline
function bound(c: usize, v: i64): void {
  if (v < load<i64>(c, N_LEAST)) store<i64>(c, v, N_LEAST);
  if (v > load<i64>(c, N_GREATEST)) store<i64>(c, v, N_GREATEST);
}

// (high, low) against the least and greatest magnitude at `at`.
function boundLong(at: usize, high: u64, low: u64): void {
  const none = (load<u64>(at) | load<u64>(at, 8)) == 0;
  const l = load<u64>(at, 8), g = load<u64>(at, 24);
  if (none || high < l || (high == l && low < load<u64>(at))) { store<u64>(at, low); store<u64>(at, high, 8); }
  if (none || high > g || (high == g && low > load<u64>(at, 16))) { store<u64>(at, low, 16); store<u64>(at, high, 24); }
}

// Up to 16 digits with at most one point and a sign, n bytes before e, the first of them b; false where it is anything else.
// @ts-ignore: decorator
@inline
export function quickNumber(block: usize, b: u32, e: usize, n: usize): bool {
  let k = n, neg = false, plus = false;
  if (b < 46) { neg = b == 45; plus = b == 43; k -= <usize>(neg | plus); }
  if (k - 1 >= 16) return false;
  let d = lastVector(e, k), after: usize = 0;
  const dots = points(d);
  if (dots != 0) {
    after = 15 - <usize>ctz(dots);
    d = withoutPoint(d, after);
    if (k == 1) return false;
  }
  if (v128.any_true(aboveNine(d))) return false;
  const before = k - after - <usize>(dots != 0), first = <u32>load<u8>(e - k);
  const index: u32 = dots == 0 ? 0 : after == 3 && before - 1 < 3 && first != 48 ? CLASS_POINT_EITHER : 1;
  const c = classAt(block, index);
  bump(c + N_COUNT);
  if (plus) bump(c + N_PLUS);
  if (first == 48 && before > 1) bump(c + N_LEADING_ZEROS);
  if (index != 1) {
    const v = <i64>sixteenDigits(d);
    bound(c, neg ? 0 - v : v);
  }
  // Which digits are not zero, the last of them in bit 15.
  const some = i8x16.bitmask(i8x16.ne(d, i8x16.splat(0)));
  raise(c + N_AFTER, <u32>after);
  if (some != 0) {
    const whole = 16 - <i32>after - ctz(some), scale = <i32>after - (clz(some) - 16);
    if (whole > 0) raise(c + N_BEFORE, <u32>whole);
    if (scale > 0) raise(c + N_SCALE, <u32>scale);
    if (whole > load<i32>(c, N_MAGNITUDE)) store<i32>(c, whole, N_MAGNITUDE);
  }
  return true;
}

// Separator at p, before e: 1 + its index among the thousands separators (comma, point, blank, two apostrophes, underscore, three wider
// blanks), or 0. Leaves its length.
let separatorBytes: usize = 0;
function separatorAt(p: usize, e: usize): u32 {
  const b = <u32>load<u8>(p);
  separatorBytes = 1;
  if (b < 128) return b == 44 ? 1 : b == 46 ? 2 : b == 32 ? 3 : b == 39 ? 4 : b == 95 ? 6 : 0;
  if (b == 0xc2) { separatorBytes = 2; return p + 1 < e && load<u8>(p, 1) == 0xa0 ? 7 : 0; }
  if (b != 0xe2 || p + 2 >= e || load<u8>(p, 1) != 0x80) return 0;
  separatorBytes = 3;
  const c = <u32>load<u8>(p, 2);
  return c == 0x99 ? 5 : c == 0x89 ? 8 : c == 0xaf ? 9 : 0;
}

// What was read of digits and separators: their end, the class, digits before and after the decimal separator, zeroes at both ends, the
// first digit, and, where `fits`, all digits as one number.
let coreEnd: usize = 0, coreClass: u32 = 0, coreBefore: i32 = 0, coreAfter: i32 = 0, coreZeroes: i32 = 0, coreTrailing: i32 = 0;
let coreFirst: u32 = 0, coreFits: bool = false, coreHigh: u64 = 0, coreLow: u64 = 0;

// The number at s: digits, grouped or not. False where there is none.
function readCore(s: usize, e: usize): bool {
  let p = s, group = 0, firstGroup = 0, separators = 0, parts: u32 = 0, decimal: u32 = 0, digits = 0;
  let significant = 0;
  coreAfter = 0; coreZeroes = 0; coreTrailing = 0; coreFirst = 0; coreHigh = 0; coreLow = 0;
  while (p < e) {
    const d = <u32>load<u8>(p) - 48;
    if (d <= 9) {
      if (digits == 0) coreFirst = d + 48;
      digits++; group++;
      if (significant == 0 && d == 0) coreZeroes++; else significant++;
      if (d == 0) coreTrailing++; else coreTrailing = 0;
      if (significant <= 38) {
        const a = (coreLow & 0xffffffff) * 10 + <u64>d, b = (coreLow >> 32) * 10 + (a >> 32);
        coreLow = (b << 32) | (a & 0xffffffff);
        coreHigh = coreHigh * 10 + (b >> 32);
      }
      p++;
      continue;
    }
    const c = separatorAt(p, e), step = separatorBytes;
    if (c == 0 || decimal != 0) break;
    // Only the decimal separator may stand before something else than a digit.
    const digitFollows = p + step < e && <u32>load<u8>(p + step) - 48 <= 9;
    if (!digitFollows && c > 2) break;
    if (separators == 0) { firstGroup = group; parts = c; }
    else {
      if (group != 3 || (c == parts && !digitFollows) || (c != parts && c > 2)) return false;
      if (c != parts) decimal = c;
    }
    separators++;
    group = 0;
    p += step;
  }
  if (digits == 0) return false;
  coreEnd = p;
  coreFits = significant <= 38;
  // Classes name decimals point first, separators comma first.
  if (separators == 0) coreClass = 0;
  else if (separators == 1) {
    const groups = firstGroup - 1 < 3 && firstGroup > 0 && group == 3 && coreFirst != 48;
    if (parts <= 2) { coreAfter = group; coreClass = groups ? (parts == 2 ? CLASS_POINT_EITHER : CLASS_COMMA_EITHER) : 3 - parts; }
    else if (groups) coreClass = parts * 3;
    else return false;
  } else {
    if (firstGroup < 1 || firstGroup > 3 || coreFirst == 48 || (decimal == 0 && group != 3)) return false;
    if (decimal != 0) coreAfter = group;
    coreClass = parts * 3 + (decimal == 0 ? 0 : 3 - decimal);
  }
  coreBefore = digits - coreAfter;
  return true;
}

// Length of the one blank at p that may part a number from its sign: a space, or U+00A0, U+2009, U+202F; 0 where there is none.
function blankAt(p: usize, e: usize): usize {
  if (p >= e) return 0;
  const c = separatorAt(p, e);
  return c == 3 || c >= 7 ? separatorBytes : 0;
}

// Index of the sign in [s, e) that may stand beside a number, or -1.
function signOf(words: usize, s: usize, e: usize): i32 {
  const slot = findWord(words, s, e - s);
  return slot != 0 && (load<u32>(slot, WORD_KIND) & WORD_SIGN) != 0 ? <i32>load<u32>(slot, WORD_INDEX) - 1 : -1;
}

// Whether [s, e) is beyond the greatest double. Digits past the nineteenth that would decide it alone are taken to be so.
function isBeyond(ctx: usize, s: usize, e: usize, out: usize): bool {
  const status = parseFloat(s, e, out, false, <usize>load<u32>(ctx, CTX_POWERS));
  return status == STATUS_RANGE || status == STATUS_SLOW;
}

// What was read of an exponent: its end, or 0 where there is none, and its value.
let exponentEnd: usize = 0, exponentPower: i32 = 0;
function readExponent(p: usize, e: usize): void {
  exponentEnd = 0; exponentPower = 0;
  if (p >= e || (load<u8>(p) | 0x20) != 101) return;
  let q = p + 1;
  const minus = q < e && load<u8>(q) == 45;
  if (minus || (q < e && load<u8>(q) == 43)) q++;
  const first = q;
  for (; q < e && <u32>load<u8>(q) - 48 <= 9; q++) if (exponentPower < 1000000) exponentPower = exponentPower * 10 + <i32>(load<u8>(q) - 48);
  if (q == first) { exponentPower = 0; return; }
  if (minus) exponentPower = -exponentPower;
  exponentEnd = q;
}

// Any number: long, with an exponent, grouped, beside a sign. False where it is none. `out`: 16 bytes to overwrite.
export function readNumber(ctx: usize, block: usize, words: usize, s: usize, e: usize, out: usize): bool {
  let p = s, sign = -1, b = <u32>load<u8>(p), neg = b == 45, plus = b == 43;
  const before = neg || plus;
  if (before) p++;
  if (p == e) return false;
  b = <u32>load<u8>(p);
  if (b - 48 > 9 && b != 46 && b != 44) {
    let q = p;
    while (q < e && q - p <= 8 && <u32>load<u8>(q) - 48 > 9 && !blankAt(q, e) && load<u8>(q) != 45 && load<u8>(q) != 43) q++;
    sign = signOf(words, p, q);
    if (sign < 0 || <u32>load<u8>(p) == 37) return false;
    p = q + blankAt(q, e);
    if (p < e && !before) { neg = load<u8>(p) == 45; plus = load<u8>(p) == 43; p += <usize>(neg || plus); }
  }
  const start = p;
  if (p >= e || !readCore(p, e)) return false;
  p = coreEnd;
  readExponent(p, e);
  const exponent = exponentEnd != 0, power = exponentPower;
  if (exponent) p = exponentEnd;
  const end = p;
  if (p < e) {
    const after = signOf(words, p + blankAt(p, e), e);
    if (sign >= 0 || after < 0) return false;
    sign = after;
  }
  const c = classAt(block, coreClass);
  bump(c + N_COUNT);
  if (plus) bump(c + N_PLUS);
  if (sign >= 0) { bump(c + N_SIGNED); countWord(block, <u32>sign, false); }
  if (coreFirst == 48 && coreBefore > 1) bump(c + N_LEADING_ZEROS);
  measure(c, coreBefore, coreAfter, coreZeroes, coreTrailing, power);
  if (exponent) bump(c + N_EXPONENTS);
  const whole = coreBefore - coreZeroes + power;
  if (coreZeroes < coreBefore + coreAfter && whole > 308) {
    // Only of 309 digits is it in doubt, and then only of those that begin as the greatest does.
    if (whole > 309 || coreClass > 1 || isBeyond(ctx, start, end, out)) bump(c + N_BEYOND);
  }
  const integer = !exponent && (coreClass >= <u32>CLASS_POINT_EITHER || coreClass % 3 == 0);
  if (!integer || !coreFits) return true;
  if (coreHigh == 0 && coreLow < 1000000000000000000) bound(c, neg ? 0 - <i64>coreLow : <i64>coreLow);
  else boundLong(c + N_LONG + (neg ? 32 : 0), coreHigh, coreLow);
  return true;
}
