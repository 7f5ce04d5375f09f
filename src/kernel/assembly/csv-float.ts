// Floats from their text, correctly rounded.
import { STATUS_RANGE, STATUS_SLOW, STATUS_SYNTAX } from './csv-layout';
import { aboveNine, lastVector, points, sixteenDigits, withoutPoint } from './csv-digits';

const POW10: usize = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22]);

// inf, infinity or nan in [s, e), in any case, without its sign: 1, 2, or 0.
export function namedFloat(s: usize, e: usize): i32 {
  const n = e - s;
  if (n != 3 && n != 8) return 0;
  const low = (<u64>load<u32>(s) | 0x20202020) & 0xffffff;
  if (n == 3) return low == 0x666e69 ? 1 : low == 0x6e616e ? 2 : 0;
  return (load<u64>(s) | 0x2020202020202020) == 0x7974696e69666e69 ? 1 : 0;
}

// The high half of a 128-bit product, and the low one.
let productLow: u64 = 0;
function multiply(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
  const p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0;
  const mid = (p00 >> 32) + (p01 & 0xffffffff) + (p10 & 0xffffffff);
  productLow = (mid << 32) | (p00 & 0xffffffff);
  return a1 * b1 + (p01 >> 32) + (p10 >> 32) + (mid >> 32);
}

// w × 10^q as the nearest double (Eisel and Lemire, "Number parsing at a gigabyte per second", 2021), w not 0. NaN where its 128 bits
// of 5^q do not decide, or where the result is not normal.
function scaleByPower(w: u64, q: i32, powers: usize): f64 {
  if (q < -342 || q > 308) return NaN;
  const shift = clz(w);
  w <<= shift;
  const entry = powers + (<usize>(q + 342) << 4);
  let high = multiply(w, load<u64>(entry)), low = productLow;
  if ((high & 0x1ff) == 0x1ff) {
    const more = multiply(w, load<u64>(entry, 8));
    low += more;
    if (more > low) high++;
  }
  if (low == u64.MAX_VALUE && (q < -27 || q > 55)) return NaN;
  const upper = high >> 63;
  let mantissa = high >> (upper + 9);
  let exponent = <i32>(((152170 + 65536) * q) >> 16) + 63 + <i32>upper - <i32>shift + 1023;
  if (exponent <= 0) return NaN;
  // Half-way between two doubles: to even, where 5^q is exact.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && (mantissa << (upper + 9)) == high) mantissa &= ~(<u64>1);
  mantissa += mantissa & 1;
  mantissa >>= 1;
  if (mantissa >= (<u64>2 << 52)) { mantissa = <u64>1 << 52; exponent++; }
  if (exponent >= 2047) return Infinity;
  return reinterpret<f64>((mantissa & ~(<u64>1 << 52)) | (<u64>exponent << 52));
}

// Any float.
export function parseFloat(s: usize, e: usize, out: usize, single: bool, powers: usize): i32 {
  const b = load<u8>(s);
  const neg = b == 45;
  if (neg || b == 43) s++;
  const named = namedFloat(s, e);
  if (named != 0) {
    const f = named == 1 ? (neg ? -Infinity : Infinity) : NaN;
    if (single) store<f32>(out, <f32>f); else store<f64>(out, f);
    return 0;
  }
  let w: u64 = 0, digits = 0, fraction = 0, seen = false, point = false, p = s;
  for (; p < e; p++) {
    const c = <u32>load<u8>(p), d = c - 48;
    if (d <= 9) {
      seen = true;
      if (w != 0 || d != 0) digits++;
      if (digits <= 19) w = w * 10 + <u64>d;
      if (point) fraction++;
    } else if (c == 46 && !point) point = true;
    else break;
  }
  if (!seen) return STATUS_SYNTAX;
  let power = 0;
  if (p < e) {
    if ((load<u8>(p) | 0x20) != 101 || ++p >= e) return STATUS_SYNTAX;
    const minus = load<u8>(p) == 45;
    if (minus || load<u8>(p) == 43) p++;
    if (p >= e) return STATUS_SYNTAX;
    for (; p < e; p++) {
      const d = <u32>load<u8>(p) - 48;
      if (d > 9) return STATUS_SYNTAX;
      if (power < 1000000) power = power * 10 + <i32>d;
    }
    if (minus) power = -power;
  }
  let f: f64 = 0;
  if (w != 0) {
    if (digits > 19) return STATUS_SLOW;
    const q = power - fraction;
    if (w <= 9007199254740992 && q >= -22 && q <= 22) f = q < 0 ? <f64>w / load<f64>(POW10 + (<usize>(-q) << 3)) : <f64>w * load<f64>(POW10 + (<usize>q << 3));
    else f = scaleByPower(w, q, powers);
    if (f != f) return STATUS_SLOW;
    if (f == Infinity) return STATUS_RANGE;
  }
  return storeFloat(out, neg ? -f : f, single);
}

// A float of up to 16 digits with at most one point, n bytes before e, the first of them b; false where it is anything else.
// @ts-ignore: decorator
@inline
export function fastFloat(b: u32, e: usize, n: usize, out: usize, single: bool): bool {
  let sign: u64 = 0;
  if (b < 46) {
    const neg = b == 45;
    sign = <u64>neg << 63;
    n -= <usize>(neg | (b == 43));
  }
  if (n - 1 >= 16) return false;
  let d = lastVector(e, n), scale: usize = 0;
  const dots = points(d);
  if (dots != 0) {
    scale = 15 - <usize>ctz(dots);
    d = withoutPoint(d, scale);
    if (n == 1) return false;
  }
  if (v128.any_true(aboveNine(d))) return false;
  const m = sixteenDigits(d);
  if (m > 9007199254740992) return false;
  const f = <f64><i64>m / load<f64>(POW10 + (scale << 3)), bits = reinterpret<u64>(f) | sign;
  if (!single) { store<u64>(out, bits); return true; }
  // A double half-way between two singles may have been rounded onto that place; very small ones are left alone too.
  if ((bits & 0x1fffffff) == 0x10000000 || (m != 0 && f < 1.1754943508222875e-38)) return false;
  store<f32>(out, <f32>reinterpret<f64>(bits));
  return true;
}

// Stores a correctly rounded double; as a single where that is sure not to round twice.
function storeFloat(out: usize, f: f64, single: bool): i32 {
  if (!single) { store<f64>(out, f); return 0; }
  const bits = reinterpret<u64>(f);
  // A double half-way between two singles may have been rounded onto that place; below the normal range the host decides.
  if ((bits & 0x1fffffff) == 0x10000000 || (abs(f) < 1.1754943508222875e-38 && f != 0)) return STATUS_SLOW;
  const g = <f32>f;
  if (abs(g) == f32.POSITIVE_INFINITY) return STATUS_RANGE;
  store<f32>(out, g);
  return 0;
}
