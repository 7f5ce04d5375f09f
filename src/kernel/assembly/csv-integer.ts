// Integers from their text. Each answers a status and stores its value at `out`.
import { ON_LOSS_ROUND, ON_LOSS_TRUNCATE, STATUS_LOSS, STATUS_RANGE, STATUS_SYNTAX } from './csv-layout';
import { aboveNine, areDigits, eightDigits, lastBytes, lastVector, sixteenDigits } from './csv-digits';

// What `longDigits` read.
let magnitude: u64 = 0;

// The digits of [s, e), however many, one by one; and what follows a point, which is a loss. Sets `magnitude`.
function longDigits(s: usize, e: usize, onLoss: u32): i32 {
  let v: u64 = 0, over = false;
  for (let p = s; p < e; p++) {
    const d = <u64>load<u8>(p) - 48;
    if (d > 9) {
      if (load<u8>(p) != 46 || e - s < 2) return STATUS_SYNTAX;
      for (let q = p + 1; q < e; q++) if (<u32>load<u8>(q) - 48 > 9) return STATUS_SYNTAX;
      if (over) return STATUS_RANGE;
      if (onLoss != ON_LOSS_TRUNCATE && onLoss != ON_LOSS_ROUND) return STATUS_LOSS;
      if (onLoss == ON_LOSS_ROUND && p + 1 < e && load<u8>(p, 1) >= 53) { if (v == u64.MAX_VALUE) return STATUS_RANGE; v++; }
      break;
    }
    if (v > 1844674407370955161 || (v == 1844674407370955161 && d > 5)) over = true;
    v = v * 10 + d;
  }
  magnitude = v;
  return over ? STATUS_RANGE : 0;
}

// @ts-ignore: decorator
@inline
export function storeBits(out: usize, bits: u32, v: u64): void {
  if (bits == 64) store<u64>(out, v);
  else if (bits == 32) store<u32>(out, <u32>v);
  else if (bits == 16) store<u16>(out, <u16>v);
  else store<u8>(out, <u8>v);
}

// An integer of up to 16 digits, n bytes before e, the first of them b, into `out`; false where it is anything else, or out of range.
// @ts-ignore: decorator
@inline
export function fastInteger(b: u32, e: usize, n: usize, out: usize, bits: u32, most: u64, least: u64): bool {
  let neg = false;
  if (b < 48) {
    neg = b == 45;
    n -= <usize>(neg | (b == 43));
  }
  let v: u64;
  if (n - 1 < 8) {
    const x = lastBytes(e, n);
    if (!areDigits(x)) return false;
    v = eightDigits(x);
  } else if (n - 9 < 8) {
    const d = lastVector(e, n);
    if (v128.any_true(aboveNine(d))) return false;
    v = sixteenDigits(d);
  } else return false;
  if (bits < 64 || least == 0) { if (v > (neg ? least : most)) return false; }
  storeBits(out, bits, neg ? 0 - v : v);
  return true;
}

// Any integer; `most` is the largest magnitude without a sign, `least` with a minus.
export function parseInteger(s: usize, e: usize, out: usize, bits: u32, signed: bool, onLoss: u32): i32 {
  const top: u64 = <u64>1 << <u64>(bits - 1);
  const most: u64 = signed ? top - 1 : top + (top - 1), least: u64 = signed ? top : 0;
  const b = load<u8>(s);
  const neg = b == 45;
  if (neg || b == 43) s++;
  if (e <= s) return STATUS_SYNTAX;
  const status = longDigits(s, e, onLoss);
  if (status != 0) return status;
  if (magnitude > (neg ? least : most)) return STATUS_RANGE;
  storeBits(out, bits, neg ? 0 - magnitude : magnitude);
  return 0;
}
