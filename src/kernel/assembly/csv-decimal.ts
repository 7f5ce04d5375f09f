// Decimals from their text: 16 bytes, two's complement, exact or not at all.
import { ON_LOSS_ROUND, ON_LOSS_TRUNCATE, STATUS_LOSS, STATUS_RANGE, STATUS_SYNTAX } from './csv-layout';
import { aboveNine, lastVector, points, sixteenDigits, withoutPoint } from './csv-digits';

const POWERS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
  100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
]);

let high: u64 = 0, low: u64 = 0;

// (high, low) × 10 + d.
// @ts-ignore: decorator
@inline
export function push(d: u64): void {
  const a = (low & 0xffffffff) * 10 + d, b = (low >> 32) * 10 + (a >> 32);
  low = (b << 32) | (a & 0xffffffff);
  high = high * 10 + (b >> 32);
}

// @ts-ignore: decorator
@inline
function storeDecimal(out: usize, h: u64, l: u64, neg: bool): void {
  if (neg) { l = ~l + 1; h = ~h + (l == 0 ? 1 : 0); }
  store<u64>(out, l);
  store<u64>(out, h, 8);
}

// Any decimal, with or without point and exponent.
export function parseDecimal(s: usize, e: usize, out: usize, precision: u32, scale: u32, onLoss: u32): i32 {
  const b = load<u8>(s);
  const neg = b == 45;
  if (neg || b == 43) s++;
  let digits = 0, fraction = 0, point = false, p = s;
  for (; p < e; p++) {
    const c = <u32>load<u8>(p);
    if (c - 48 <= 9) { digits++; if (point) fraction++; }
    else if (c == 46 && !point) point = true;
    else break;
  }
  if (digits == 0) return STATUS_SYNTAX;
  const end = p;
  let power = 0;
  if (p < e) {
    if ((load<u8>(p) | 0x20) != 101 || ++p >= e) return STATUS_SYNTAX;
    const minus = load<u8>(p) == 45;
    if (minus || load<u8>(p) == 43) p++;
    if (p >= e) return STATUS_SYNTAX;
    for (; p < e; p++) {
      const d = <u32>load<u8>(p) - 48;
      if (d > 9) return STATUS_SYNTAX;
      if (power < 200000000) power = power * 10 + <i32>d;
    }
    if (minus) power = -power;
  }
  // The digits before `keep` are the value in units of the scale; those after it must be zeroes.
  const keep = digits + power - fraction + <i32>scale;
  high = 0; low = 0;
  let at = 0, significant = 0, lost = false, up = false;
  for (p = s; p < end; p++) {
    const d = <u32>load<u8>(p) - 48;
    if (d > 9) continue;
    if (at < keep) {
      if (significant > 0 || d != 0) significant++;
      if (significant <= 38) push(<u64>d);
    } else {
      if (d != 0) lost = true;
      if (at == keep && d >= 5) up = true;
    }
    at++;
  }
  if (significant > 0 && keep > digits) {
    const zeroes = keep - digits;
    if (significant + zeroes > <i32>precision) return STATUS_RANGE;
    for (let i = 0; i < zeroes; i++) push(0);
  }
  return endDigits(out, neg, significant, lost, up, precision, onLoss);
}

// One more; false where that is 10^precision.
function roundUp(precision: u32): bool {
  low++;
  if (low == 0) high++;
  const h = high, l = low;
  high = 0; low = 1;
  for (let i: u32 = 0; i < precision; i++) push(0);
  if (h == high && l == low) return false;
  high = h; low = l;
  return true;
}

// A whole number, below 10^(precision - scale), with `scale` zeroes behind it.
export function storeWhole(out: usize, magnitude: u64, neg: bool, precision: u32, scale: u32): i32 {
  const whole = precision - scale;
  if (whole < 20 && magnitude >= (whole < 19 ? load<u64>(POWERS + (<usize>whole << 3)) : 10000000000000000000)) return STATUS_RANGE;
  high = 0; low = magnitude;
  for (let i: u32 = 0; i < scale; i++) push(0);
  storeDecimal(out, high, low, neg);
  return 0;
}

// Sums of digits, begun, and ended as what `parseDecimal` makes of them: `significant` digits pushed, whether others that are not
// zero were left out, whether the first of those rounds up.
export function startDigits(): void { high = 0; low = 0; }
export function endDigits(out: usize, neg: bool, significant: i32, lost: bool, up: bool, precision: u32, onLoss: u32): i32 {
  if (significant > <i32>precision) return STATUS_RANGE;
  if (lost) {
    if (onLoss == ON_LOSS_ROUND) { if (up && !roundUp(precision)) return STATUS_RANGE; }
    else if (onLoss != ON_LOSS_TRUNCATE) return STATUS_LOSS;
  }
  storeDecimal(out, high, low, neg);
  return 0;
}

// A decimal of up to 16 digits with at most one point, n bytes before e, the first of them b, at most two digits short of the scale;
// false where it is anything else. `bound` is 10^precision, or the largest i64.
// @ts-ignore: decorator
@inline
export function fastDecimal(b: u32, e: usize, n: usize, out: usize, scale: u32, bound: u64): bool {
  let neg = false;
  if (b < 46) {
    neg = b == 45;
    n -= <usize>(neg | (b == 43));
  }
  if (n - 1 >= 16) return false;
  let d = lastVector(e, n), fraction: usize = 0;
  const dots = points(d);
  if (dots != 0) {
    fraction = 15 - <usize>ctz(dots);
    d = withoutPoint(d, fraction);
    if (n == 1) return false;
  }
  const more = <usize>scale - fraction;
  // 16 digits and two more stay below 2^63.
  if (more > 2 || v128.any_true(aboveNine(d))) return false;
  const v = sixteenDigits(d) * load<u64>(POWERS + (more << 3));
  if (v >= bound) return false;
  const l = neg ? 0 - v : v;
  store<u64>(out, l);
  store<i64>(out, <i64>l >> 63, 8);
  return true;
}

// 10^precision where it is within 64 bits.
export function decimalBound(precision: u32): u64 {
  return precision > 18 ? <u64>i64.MAX_VALUE : load<u64>(POWERS + (<usize>precision << 3));
}
