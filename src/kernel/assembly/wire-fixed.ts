// Cells of numbers and times → columns of fixed width. The inner loops call nothing; a cell that is not plain leaves them.
import {
  COL_BITS, COL_KIND, COL_NULLABLE, COL_NULLS, COL_PRECISION, COL_SCALE, COL_SIGNED, COL_UNIT, COL_VALIDITY, COL_VALUES, COL_WIDTH, COL_WIRE, CTX_ROWS,
  KIND_DATE, KIND_DECIMAL, KIND_FLOAT, KIND_INT, KIND_TIME, KIND_TIMESTAMP,
} from './csv-layout';
import { decimalBound } from './csv-decimal';
import { castWireCell } from './wire-cell';
import {
  FORM_BOOL, FORM_DATE, FORM_FLOAT, FORM_INT, FORM_NUMERIC, FORM_TIME, FORM_TIMESTAMP, FORM_UUID, WIRE_BYTES_SHIFT, WIRE_MYSQL, WIRE_SIGNED,
} from './wire-layout';
import { castWireMillis, castWireSeconds, castWireStamps } from './wire-stamps';
import { EPOCH_DAYS, EPOCH_MICROSECONDS } from './wire-time';

const DAY_MICROSECONDS: i64 = 86400000000;

// Positions that put the first n bytes of eight into the highest ones of a number: turned round, whatever n; or straight, loaded at +n.
const TURNED: usize = memory.data<u8>([7, 6, 5, 4, 3, 2, 1, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
const STRAIGHT: usize = memory.data<u8>([255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 255, 255, 255, 255, 255, 255, 255, 255]);

// A null cell where nulls may be; its slot is zeroed.
// @ts-ignore: decorator
@inline
function clear(validity: usize, row: u32, out: usize, width: usize): void {
  const v = validity + <usize>(row >> 3);
  store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
  if (width == 16) { store<u64>(out, 0); store<u64>(out, 0, 8); }
  else if (width == 8) store<u64>(out, 0);
  else if (width == 4) store<u32>(out, 0);
  else if (width == 2) store<u16>(out, 0);
  else store<u8>(out, 0);
}

// How the numbers of a column are read: n bytes, moved by `turn`, shifted by `shift`; between `lo` and `hi`, and `add` is added to them.
let turn: v128 = i8x16.splat(0);
let bytes: u32 = 0, shift: u64 = 0, sign: u64 = 0, lo: i64 = 0, hi: i64 = 0, add: i64 = 0;

// @ts-ignore: decorator
@inline
function castMoved(ctx: usize, col: usize, starts: usize, stride: usize, width: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0, validity = <usize>load<u32>(col, COL_VALIDITY);
  const move = turn, n = bytes, right = shift, top = sign, least = lo, most = hi, plus = add;
  let out = <usize>load<u32>(col, COL_VALUES), row: u32 = 0, nulls: u32 = 0;
  while (row < rows) {
    while (row < rows) {
      const span = load<u64>(starts), s = <u32>span;
      if (span == 0) {
        if (!nullable) break;
        clear(validity, row, out, width);
        nulls++;
      } else {
        if (<u32>(span >> 32) - s != n) break;
        const x = <i64>(((<u64>i64x2.extract_lane(i8x16.swizzle(v128.load64_zero(<usize>s), move), 0) >> right) ^ top) - top);
        if (x < least || x > most) break;
        if (width == 8) store<i64>(out, x + plus);
        else if (width == 4) store<i32>(out, <i32>(x + plus));
        else if (width == 2) store<i16>(out, <i16>x);
        else store<i8>(out, <i8>x);
      }
      starts += stride; out += width;
      row++;
    }
    if (row >= rows) break;
    castWireCell(ctx, col, row);
    starts += stride; out += width;
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

// Exported so that each stays a function of its own.
export function castMoved8(ctx: usize, col: usize, starts: usize, stride: usize): void { castMoved(ctx, col, starts, stride, 8); }
export function castMoved4(ctx: usize, col: usize, starts: usize, stride: usize): void { castMoved(ctx, col, starts, stride, 4); }
export function castMoved2(ctx: usize, col: usize, starts: usize, stride: usize): void { castMoved(ctx, col, starts, stride, 2); }
export function castMoved1(ctx: usize, col: usize, starts: usize, stride: usize): void { castMoved(ctx, col, starts, stride, 1); }

function setMove(n: u32, signed: bool, little: bool): void {
  turn = little ? v128.load(STRAIGHT + <usize>n) : v128.load(TURNED);
  bytes = n;
  shift = <u64>(64 - (n << 3));
  sign = signed ? <u64>1 << <u64>((n << 3) - 1) : 0;
  lo = i64.MIN_VALUE; hi = i64.MAX_VALUE; add = 0;
}

// Bounds within which a whole number of the wire is one of the column.
function setBounds(bits: u32, signed: bool, wireSigned: bool): void {
  if (signed) {
    hi = bits == 64 ? i64.MAX_VALUE : (<i64>1 << <i64>(bits - 1)) - 1;
    // Above 2^63, unsigned numbers look negative.
    lo = wireSigned ? (bits == 64 ? i64.MIN_VALUE : -(<i64>1 << <i64>(bits - 1))) : 0;
  } else if (bits < 64) { lo = 0; hi = (<i64>1 << <i64>bits) - 1; }
  else if (wireSigned) lo = 0;
}

// Sets up `castMoved` for a column; false where it is none of its pairs.
function isMoved(col: usize): bool {
  const wire = load<u32>(col, COL_WIRE), form = wire & 255, n = (wire >> WIRE_BYTES_SHIFT) & 255;
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS), unit = load<u32>(col, COL_UNIT);
  const little = (wire & WIRE_MYSQL) != 0, wireSigned = (wire & WIRE_SIGNED) != 0;
  if (form == FORM_INT && kind == KIND_INT) {
    setMove(n, wireSigned, little);
    setBounds(bits, load<u32>(col, COL_SIGNED) != 0, wireSigned);
    return true;
  }
  if (form == FORM_FLOAT && kind == KIND_FLOAT && n << 3 == bits) { setMove(n, false, little); return true; }
  if (little) return false;
  if (form == FORM_DATE && kind == KIND_DATE) {
    setMove(4, true, false);
    lo = <i64>i32.MIN_VALUE + 1; hi = <i64>i32.MAX_VALUE - EPOCH_DAYS; add = EPOCH_DAYS;
    return true;
  }
  if (form == FORM_TIMESTAMP && kind == KIND_TIMESTAMP && unit == 6) {
    setMove(8, true, false);
    lo = i64.MIN_VALUE + 1; hi = i64.MAX_VALUE - EPOCH_MICROSECONDS; add = EPOCH_MICROSECONDS;
    return true;
  }
  if (form == FORM_TIME && kind == KIND_TIME && unit == 6) {
    setMove(8, true, false);
    lo = 0; hi = DAY_MICROSECONDS - 1;
    return true;
  }
  return false;
}

// PostgreSQL's numeric of up to four groups, of a scale that the column has.
export function castWireNumeric(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0, validity = <usize>load<u32>(col, COL_VALIDITY);
  const scale = <i32>load<u32>(col, COL_SCALE), bound = decimalBound(load<u32>(col, COL_PRECISION));
  let out = <usize>load<u32>(col, COL_VALUES), row: u32 = 0, nulls: u32 = 0;
  while (row < rows) {
    while (row < rows) {
      const span = load<u64>(starts), s = <usize>(span & 0xffffffff), n = <usize>(span >> 32) - s;
      if (span == 0) {
        if (!nullable) break;
        clear(validity, row, out, 16);
        nulls++;
      } else {
        if (n - 8 > 8) break;
        const head = load<u32>(s), negative = <u32>load<u16>(s, 4), groups = (n - 8) >> 1;
        // The number of groups as it is sent; 0x40 is the first byte of a minus.
        if ((head & 0xffff) != <u32>(groups << 8) || (n & 1) != 0 || (negative != 0 && negative != 0x40)) break;
        const d = i8x16.swizzle(v128.load(s), v128.load(ALIGN + (groups << 4)));
        if (v128.any_true(i16x8.gt_u(d, v128.load(MOST)))) break;
        const x = <u64>i64x2.extract_lane(d, 1), last = x >> 48;
        const before = ((x & 0xffff) * 10000 + ((x >> 16) & 0xffff)) * 10000 + ((x >> 32) & 0xffff);
        const weight = <i32><i16>(((head >> 24) & 0xff) | ((head >> 8) & 0xff00));
        const power = ((weight + 1 - <i32>groups) << 2) + scale;
        let v: u64 = 0;
        if (power >= 0) {
          if (power > 18 - <i32>(groups << 2)) { if ((before | last) != 0) break; }
          else v = (before * 10000 + last) * load<u64>(TENS + (<usize>power << 3));
        } else if (power < -3) { if ((before | last) != 0) break; }
        else {
          // Up to three digits of the last group must be zeroes.
          const ten = load<u64>(TENS + (<usize>(-power) << 3)), rest = (last * load<u64>(PARTS + (<usize>(-power) << 3))) >> 26;
          if (rest * ten != last) break;
          v = before * load<u64>(TENS + (<usize>(4 + power) << 3)) + rest;
        }
        if (v >= bound) break;
        const l = negative != 0 ? 0 - v : v;
        store<u64>(out, l);
        store<i64>(out, <i64>l >> 63, 8);
      }
      starts += stride; out += 16;
      row++;
    }
    if (row >= rows) break;
    castWireCell(ctx, col, row);
    starts += stride; out += 16;
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

const TENS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
  100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
]);

// Positions that put the groups of a numeric, turned round, into the last of eight lanes: 16 bytes for each number of them.
const ALIGN: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 9, 8,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 9, 8, 11, 10,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 9, 8, 11, 10, 13, 12,
  255, 255, 255, 255, 255, 255, 255, 255, 9, 8, 11, 10, 13, 12, 15, 14,
]);
const MOST: usize = memory.data<u16>([9999, 9999, 9999, 9999, 9999, 9999, 9999, 9999]);
// 2^26 / 10^k, rounded up: of a number below 10000 it gives the tenth, hundredth and thousandth part.
const PARTS: usize = memory.data<u64>([67108864, 6710887, 671089, 67109]);

export function castWireUuids(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0;
  const validity = <usize>load<u32>(col, COL_VALIDITY);
  let out = <usize>load<u32>(col, COL_VALUES), nulls: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const span = load<u64>(starts), s = <u32>span;
    if (span == 0 && nullable) { clear(validity, row, out, 16); nulls++; }
    else if (<u32>(span >> 32) - s == 16) v128.store(out, v128.load(<usize>s));
    else castWireCell(ctx, col, row);
    starts += stride; out += 16;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

export function castWireBools(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0;
  const validity = <usize>load<u32>(col, COL_VALIDITY), values = <usize>load<u32>(col, COL_VALUES);
  let nulls: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const span = load<u64>(starts), s = <u32>span;
    const bit: u8 = 1 << <u8>(row & 7), at = <usize>(row >> 3);
    if (span == 0 && nullable) { store<u8>(validity + at, load<u8>(validity + at) & ~bit); nulls++; }
    else if (<u32>(span >> 32) - s == 1 && load<u8>(<usize>s) <= 1) store<u8>(values + at, load<u8>(values + at) | (load<u8>(<usize>s) << <u8>(row & 7)));
    else castWireCell(ctx, col, row);
    starts += stride;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

// Whatever the form, one column of fixed width or of bits.
export function castWireNumbers(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const wire = load<u32>(col, COL_WIRE), form = wire & 255, kind = load<u32>(col, COL_KIND), width = load<u32>(col, COL_WIDTH);
  if (isMoved(col)) {
    if (width == 8) castMoved8(ctx, col, starts, stride);
    else if (width == 4) castMoved4(ctx, col, starts, stride);
    else if (width == 2) castMoved2(ctx, col, starts, stride);
    else castMoved1(ctx, col, starts, stride);
    return;
  }
  if (form == FORM_NUMERIC && kind == KIND_DECIMAL) { castWireNumeric(ctx, col, starts, stride); return; }
  if (form == FORM_BOOL) { castWireBools(ctx, col, starts, stride); return; }
  if (form == FORM_UUID) { castWireUuids(ctx, col, starts, stride); return; }
  const unit = load<u32>(col, COL_UNIT), coarse = kind == KIND_TIMESTAMP && unit != 9;
  if (wire & WIRE_MYSQL) {
    if (form == FORM_DATE ? kind == KIND_DATE || coarse : form == FORM_TIMESTAMP && coarse) { castWireStamps(ctx, col, starts, stride); return; }
  } else if (form == FORM_TIMESTAMP && coarse) {
    if (unit == 0) castWireSeconds(ctx, col, starts, stride); else castWireMillis(ctx, col, starts, stride);
    return;
  }
  for (let row: u32 = 0, rows = load<u32>(ctx, CTX_ROWS); row < rows; row++) castWireCell(ctx, col, row);
}
