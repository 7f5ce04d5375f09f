// Integers, floats and decimals from their text. Each answers a status and stores its value at `out`.
import { STATUS_LOSS, STATUS_RANGE, STATUS_SLOW, STATUS_SYNTAX } from './csv-layout';
import { KEEP_LAST, areDigits, eightDigits, lastBytes, sixteenDigits } from './csv-digits';

const POW10: usize = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22]);

// Magnitude of up to 20 digits; NOT_DIGITS where something else stands there, TOO_BIG beyond 2^64.
let magnitude: u64 = 0;

// [s, e) are digits only, more than 16 or leading zeroes: the slow way, exact. Sets `magnitude`.
function longDigits(s: usize, e: usize): i32 {
  let v: u64 = 0, over = false;
  for (let p = s; p < e; p++) {
    const d = <u64>load<u8>(p) - 48;
    if (d > 9) return STATUS_SYNTAX;
    if (v > 1844674407370955161 || (v == 1844674407370955161 && d > 5)) over = true;
    v = v * 10 + d;
  }
  magnitude = v;
  return over ? STATUS_RANGE : 0;
}

// @ts-ignore: decorator
@inline
function storeBits(out: usize, bits: u32, v: u64): void {
  if (bits == 64) store<u64>(out, v);
  else if (bits == 32) store<u32>(out, <u32>v);
  else if (bits == 16) store<u16>(out, <u16>v);
  else store<u8>(out, <u8>v);
}

// An integer of `bits`; `most` is the largest magnitude without a sign, `least` with one.
// @ts-ignore: decorator
@inline
export function parseInteger(s: usize, e: usize, out: usize, bits: u32, most: u64, least: u64): i32 {
  const b = load<u8>(s);
  const neg = b == 45;
  if (neg || b == 43) s++;
  const n = e - s;
  let v: u64;
  if (n - 1 < 8) {
    const x = lastBytes(e, n);
    if (!areDigits(x)) return STATUS_SYNTAX;
    v = eightDigits(x);
  } else if (n - 9 < 8) {
    const x = lastBytes(e - 8, n - 8), y = load<u64>(e - 8) ^ 0x3030303030303030;
    if (!areDigits(x) || !areDigits(y)) return STATUS_SYNTAX;
    v = eightDigits(x) * 100000000 + eightDigits(y);
  } else {
    if (e <= s) return STATUS_SYNTAX;
    const status = longDigits(s, e);
    if (status != 0) return status;
    v = magnitude;
  }
  if (v > (neg ? least : most)) return STATUS_RANGE;
  storeBits(out, bits, neg ? 0 - v : v);
  return 0;
}

// A float: up to 16 digits with at most one point here, the rest elsewhere.
// @ts-ignore: decorator
@inline
export function parseFloat64(s: usize, e: usize, out: usize, single: bool): i32 {
  const b = load<u8>(s);
  const neg = b == 45;
  if (neg || b == 43) s++;
  const n = e - s;
  if (n - 1 < 16) {
    const keep = v128.load(KEEP_LAST + n);
    let d = v128.and(v128.xor(v128.load(e - 16), i8x16.splat(48)), keep);
    const dots = <u32>i8x16.bitmask(i8x16.eq(d, i8x16.splat(0x1e)));
    let scale: usize = 0;
    if (dots != 0) {
      scale = 15 - <usize>ctz(dots);
      // The digits before the point move one up, over it.
      const moved = i8x16.shuffle(i8x16.splat(0), d, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
      d = v128.bitselect(d, moved, v128.load(KEEP_LAST + scale));
    }
    if (!v128.any_true(i8x16.gt_u(d, i8x16.splat(9))) && (n > 1 || dots == 0)) {
      const m = sixteenDigits(d);
      if (m <= 9007199254740992) {
        let f = <f64>m / load<f64>(POW10 + (scale << 3));
        if (neg) f = -f;
        return storeFloat(out, f, single);
      }
    }
  }
  return STATUS_SLOW;
}

// Stores a correctly rounded double; as a single where that is sure not to round twice.
// @ts-ignore: decorator
@inline
export function storeFloat(out: usize, f: f64, single: bool): i32 {
  if (!single) { store<f64>(out, f); return 0; }
  const bits = reinterpret<u64>(f);
  // A double half-way between two singles may have been rounded onto that place; below the normal range the host decides.
  if ((bits & 0x1fffffff) == 0x10000000 || (abs(f) < 1.1754943508222875e-38 && f != 0)) return STATUS_SLOW;
  const g = <f32>f;
  if (abs(g) == f32.POSITIVE_INFINITY) return STATUS_RANGE;
  store<f32>(out, g);
  return 0;
}
