// Numbers as database servers send them → columns, exactly or not at all. One cell at a time; each function answers a status.
import {
  COL_BITS, COL_KIND, COL_ON_LOSS, COL_PRECISION, COL_SCALE, COL_SIGNED, COL_VALUES, CTX_POWERS, KIND_BOOLEAN, KIND_DECIMAL, KIND_FLOAT,
  KIND_INT, ON_LOSS_ROUND, ON_LOSS_TRUNCATE, STATUS_LOSS, STATUS_RANGE, STATUS_SLOW, STATUS_WIRE,
} from './csv-layout';
import { endDigits, push, startDigits, storeWhole } from './csv-decimal';
import { storeBits } from './csv-integer';
import { FORM_BITS, FORM_FLOAT, FORM_INT, WIRE_BYTES_SHIFT, WIRE_MYSQL, WIRE_SIGNED } from './wire-layout';

// n (1 to 8) bytes at s as a number without sign.
function unsignedAt(s: usize, n: usize, little: bool): u64 {
  let v: u64 = 0;
  for (let k: usize = 0; k < n; k++) v = (v << 8) | <u64>load<u8>(s + (little ? n - 1 - k : k));
  return v;
}

// Whether a magnitude is a float of so many bits of significand.
function isExact(magnitude: u64, significand: u32): bool {
  return magnitude == 0 || magnitude >> <u64>ctz(magnitude) < <u64>1 << <u64>significand;
}

// A whole number into a column.
function storeInteger(col: usize, row: u32, out: usize, magnitude: u64, neg: bool): i32 {
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS), onLoss = load<u32>(col, COL_ON_LOSS);
  if (kind == KIND_INT) {
    const top: u64 = <u64>1 << <u64>(bits - 1), signed = load<u32>(col, COL_SIGNED) != 0;
    const most: u64 = signed ? top - 1 : top + (top - 1), least: u64 = signed ? top : 0;
    if (magnitude > (neg ? least : most)) return STATUS_RANGE;
    storeBits(out, bits, neg ? 0 - magnitude : magnitude);
    return 0;
  }
  if (kind == KIND_DECIMAL) return storeWhole(out, magnitude, neg, load<u32>(col, COL_PRECISION), load<u32>(col, COL_SCALE));
  if (kind == KIND_FLOAT) {
    if (onLoss != ON_LOSS_ROUND && onLoss != ON_LOSS_TRUNCATE && !isExact(magnitude, bits == 32 ? 24 : 53)) return STATUS_LOSS;
    if (bits == 32) { const f = <f32>magnitude; store<f32>(out, neg ? -f : f); }
    else { const f = <f64>magnitude; store<f64>(out, neg ? -f : f); }
    return 0;
  }
  if (kind == KIND_BOOLEAN) {
    if (magnitude > 1 || (neg && magnitude != 0)) return STATUS_RANGE;
    storeBit(col, row, <u8>magnitude);
    return 0;
  }
  return STATUS_WIRE;
}

// A boolean into its bit, which is 0.
export function storeBit(col: usize, row: u32, bit: u8): void {
  const p = <usize>load<u32>(col, COL_VALUES) + <usize>(row >> 3);
  store<u8>(p, load<u8>(p) | (bit << <u8>(row & 7)));
}

export function castInteger(col: usize, row: u32, wire: u32, s: usize, e: usize, out: usize): i32 {
  const n = <usize>(wire >> WIRE_BYTES_SHIFT) & 255;
  if (e - s != n) return STATUS_WIRE;
  const v = unsignedAt(s, n, (wire & WIRE_MYSQL) != 0), sign = <u64>1 << <u64>((n << 3) - 1);
  if (!(wire & WIRE_SIGNED) || !(v & sign)) return storeInteger(col, row, out, v, false);
  return storeInteger(col, row, out, 0 - (v | ~(sign - 1)), true);
}

// MySQL sends the bytes of the bits, PostgreSQL their number before them, and fills the last byte with zeroes.
export function castBits(col: usize, row: u32, wire: u32, s: usize, e: usize, out: usize): i32 {
  let shift: u64 = 0;
  if (!(wire & WIRE_MYSQL)) {
    if (e - s < 4) return STATUS_WIRE;
    const count = <usize>bswap(load<u32>(s));
    s += 4;
    if (count > (e - s) << 3 || e - s != (count + 7) >> 3) return STATUS_WIRE;
    shift = <u64>(((e - s) << 3) - count);
  }
  // Nine bytes hold 64 bits, where the last is filled.
  let high: u64 = 0, v: u64 = 0;
  for (; s < e; s++) {
    if (high >> 56 != 0) return STATUS_RANGE;
    high = (high << 8) | (v >> 56);
    v = (v << 8) | <u64>load<u8>(s);
  }
  if (high >> shift != 0) return STATUS_RANGE;
  return storeInteger(col, row, out, shift == 0 ? v : (v >> shift) | (high << (64 - shift)), false);
}

export function castFloats(col: usize, wire: u32, s: usize, e: usize, out: usize): i32 {
  const n = <usize>(wire >> WIRE_BYTES_SHIFT) & 255, single = load<u32>(col, COL_BITS) == 32;
  if (e - s != n) return STATUS_WIRE;
  const v = unsignedAt(s, n, (wire & WIRE_MYSQL) != 0);
  if (n == 4) {
    if (single) store<u32>(out, <u32>v); else store<f64>(out, <f64>reinterpret<f32>(<u32>v));
    return 0;
  }
  if (!single) { store<u64>(out, v); return 0; }
  const f = reinterpret<f64>(v), g = <f32>f;
  if (abs(g) == f32.POSITIVE_INFINITY && abs(f) != f64.POSITIVE_INFINITY) return STATUS_RANGE;
  store<f32>(out, g);
  return 0;
}

const NUMERIC_NEGATIVE: u32 = 0x4000;
const NUMERIC_NAN: u32 = 0xc000;
const NUMERIC_INFINITY: u32 = 0xd000;
const NUMERIC_MINUS_INFINITY: u32 = 0xf000;

const POW10: usize = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22]);

// PostgreSQL's numeric: i16 groups of four digits, i16 weight of the first (a power of 10000), u16 sign, u16 digits shown behind the
// point, then the groups.
export function castNumeric(col: usize, row: u32, s: usize, e: usize, out: usize): i32 {
  if (e - s < 8) return STATUS_WIRE;
  const groups = <usize>bswap(load<u16>(s)), weight = <i32><i16>bswap(load<u16>(s, 2)), sign = <u32>bswap(load<u16>(s, 4));
  if (e - s != 8 + (groups << 1)) return STATUS_WIRE;
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS), onLoss = load<u32>(col, COL_ON_LOSS);
  if (sign != 0 && sign != NUMERIC_NEGATIVE) {
    if (sign != NUMERIC_NAN && sign != NUMERIC_INFINITY && sign != NUMERIC_MINUS_INFINITY) return STATUS_WIRE;
    if (kind != KIND_FLOAT) return STATUS_RANGE;
    const f = sign == NUMERIC_NAN ? NaN : sign == NUMERIC_INFINITY ? Infinity : -Infinity;
    if (bits == 32) store<f32>(out, <f32>f); else store<f64>(out, f);
    return 0;
  }
  const neg = sign != 0;
  s += 8;
  for (let p = s; p < e; p += 2) if (<u32>bswap(load<u16>(p)) > 9999) return STATUS_WIRE;
  if (kind == KIND_FLOAT) return numericFloat(s, groups, weight, neg, out, bits == 32);
  // The digits before `keep` are the value in units of the scale; those after it must be zeroes.
  const scale = kind == KIND_DECIMAL ? load<u32>(col, COL_SCALE) : 0, precision = kind == KIND_DECIMAL ? load<u32>(col, COL_PRECISION) : 38;
  const digits = <i32>(groups << 2), keep = ((weight + 1) << 2) + <i32>scale;
  let significant = 0, lost = false, up = false;
  startDigits();
  for (let at = 0; at < digits; at++) {
    const group = <u32>bswap(load<u16>(s + (<usize>(at >> 2) << 1))), within = at & 3;
    const d = (within == 0 ? group / 1000 : within == 1 ? group / 100 : within == 2 ? group / 10 : group) % 10;
    if (at < keep) {
      if (significant > 0 || d != 0) significant++;
      if (significant <= 38) push(<u64>d);
    } else {
      if (d != 0) lost = true;
      if (at == keep && d >= 5) up = true;
    }
  }
  if (significant > 0 && keep > digits) {
    const zeroes = keep - digits;
    if (significant + zeroes > 38) return STATUS_RANGE;
    for (let i = 0; i < zeroes; i++) push(0);
    significant += zeroes;
  }
  if (kind == KIND_DECIMAL) return endDigits(out, neg, significant, lost, up, precision, onLoss);
  // As of integers in text, what is beyond 64 bits is out of range first.
  const round = onLoss == ON_LOSS_ROUND, status = endDigits(WHOLE, false, significant, lost, up, precision, round ? onLoss : ON_LOSS_TRUNCATE);
  if (status != 0) return status;
  if (load<u64>(WHOLE, 8) != 0) return STATUS_RANGE;
  if (lost && !round && onLoss != ON_LOSS_TRUNCATE) return STATUS_LOSS;
  return storeInteger(col, row, out, load<u64>(WHOLE), neg);
}

const WHOLE: usize = memory.data(16, 16);

// The nearest float, where significand and power of ten are floats themselves; others are for the host.
function numericFloat(s: usize, groups: usize, weight: i32, neg: bool, out: usize, single: bool): i32 {
  let w: u64 = 0;
  if (groups > 4) return STATUS_SLOW;
  for (let k: usize = 0; k < groups; k++) w = w * 10000 + <u64>bswap(load<u16>(s + (k << 1)));
  const power = w == 0 ? 0 : (weight + 1 - <i32>groups) << 2;
  if (single || w > 9007199254740992 || power < -22 || power > 22) return STATUS_SLOW;
  const f = power < 0 ? <f64>w / load<f64>(POW10 + (<usize>(-power) << 3)) : <f64>w * load<f64>(POW10 + (<usize>power << 3));
  store<f64>(out, neg ? -f : f);
  return 0;
}
