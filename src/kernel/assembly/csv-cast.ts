// Field index → columns, one column at a time.
import {
  COL_ALIAS, COL_BITS, COL_FORMAT, COL_KIND, COL_NULLABLE, COL_NULLS, COL_POSITION, COL_PRECISION, COL_SCALE, COL_SIGNED, COL_SIZE,
  COL_UNIT, COL_VALIDITY, COL_VALUES, COL_WIDTH, COL_ZONE, CTX_BAD, CTX_BAD_COUNT, CTX_COLUMNS, CTX_COLUMN_COUNT, CTX_ENDS,
  CTX_LINE_BASE, CTX_NULL_LENGTHS, CTX_NULL_NUMBERS, CTX_QUOTE, CTX_ROWS, CTX_ROW_LINE, CTX_ROW_START, CTX_SLOW_COUNT, CTX_WIDTH,
  KIND_BINARY, KIND_BOOLEAN, KIND_DATE, KIND_DECIMAL, KIND_FLOAT, KIND_INT, KIND_JSON, KIND_LINE, KIND_TEXT, KIND_TIMESTAMP,
  STATUS_NULL, STATUS_RANGE, STATUS_SYNTAX,
} from './csv-layout';
import { settleCell } from './csv-cell';
import { castGeneral, castGeneralCell, castGeneralText, isGeneral } from './csv-general';
import { castAlias, castText, isNullCell } from './csv-text';
import { fastInteger } from './csv-integer';
import { fastFloat } from './csv-float';
import { decimalBound, fastDecimal } from './csv-decimal';
import { castBoolean } from './csv-small';
import { fastDate, fastTimestamp } from './csv-time';
import { checkCellRange, checkRange } from './csv-range';
import { parseValue } from './csv-value';

// One cell by the full rules, whatever the loops below left: quotes, nulls, long and unusual spellings.
function castCell(ctx: usize, col: usize, row: u32): void {
  const position = load<u32>(col, COL_POSITION), quote = load<u32>(ctx, CTX_QUOTE), width = <usize>load<u32>(col, COL_WIDTH);
  const cell = <usize>load<u32>(ctx, CTX_ENDS) + ((<usize>row * <usize>load<u32>(ctx, CTX_WIDTH) + <usize>position) << 2);
  let s = position == 0 ? <usize>load<u32>(<usize>load<u32>(ctx, CTX_ROW_START) + (<usize>row << 2)) : <usize>load<u32>(cell - 4) + 1;
  let e = <usize>load<u32>(cell);
  const out = <usize>load<u32>(col, COL_VALUES) + <usize>row * width;
  const quoted = s != e && <u32>load<u8>(s) == quote;
  if (quoted) { s++; e--; }
  let status = STATUS_SYNTAX;
  if (isNullCell(ctx, s, e, quoted)) status = STATUS_NULL;
  else if (s != e) status = parseValue(ctx, col, s, e, out, quoted);
  if (status == 0) return;
  memory.fill(out, 0, width);
  settleCell(ctx, col, row, status);
}

// The loop of every fixed-width kind; `kind` and `bits` are constants where it is inlined. The inner loop calls nothing, so that all it
// needs stays in registers; a cell that is not plain leaves it.
// @ts-ignore: decorator
@inline
function castFixed(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize, kind: i32, bits: u32): void {
  const rows = load<u32>(ctx, CTX_ROWS), quote = load<u32>(ctx, CTX_QUOTE);
  const nullable = load<u32>(col, COL_NULLABLE) != 0;
  const emptyIsNull = nullable && (load<u32>(ctx, CTX_NULL_LENGTHS) & 1) != 0;
  // Lengths of null spellings that could be taken for a value.
  const lengths = load<u64>(ctx, CTX_NULL_NUMBERS);
  const signed = load<u32>(col, COL_SIGNED) != 0;
  const top: u64 = (<u64>1 << <u64>(bits - 1));
  const most: u64 = signed ? top - 1 : top + (top - 1), least: u64 = signed ? top : 0;
  const unit = load<u32>(col, COL_UNIT), scale = load<u32>(col, COL_SCALE);
  const bound = kind == KIND_DECIMAL ? decimalBound(load<u32>(col, COL_PRECISION)) : 0;
  const per: i64 = unit == 0 ? 1 : unit == 3 ? 1000 : unit == 6 ? 1000000 : 1000000000;
  const plain = kind != KIND_TIMESTAMP || (load<u32>(col, COL_ZONE) == 0 && unit != 9);
  const width = <usize>(kind == KIND_DECIMAL ? 16 : bits >> 3);
  const validity = <usize>load<u32>(col, COL_VALIDITY);
  let out = <usize>load<u32>(col, COL_VALUES), row: u32 = 0, nulls: u32 = 0;
  while (row < rows) {
    while (row < rows) {
      let s = <usize>load<u32>(starts) + add;
      let e = <usize>load<u32>(ends), n = e - s;
      if (n == 0) {
        if (!emptyIsNull) break;
        const v = validity + <usize>(row >> 3);
        store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
        nulls++;
        if (width == 16) { store<u64>(out, 0); store<u64>(out, 0, 8); }
        else if (width == 8) store<u64>(out, 0);
        else if (width == 4) store<u32>(out, 0);
        else if (width == 2) store<u16>(out, 0);
        else store<u8>(out, 0);
      } else {
        let b = <u32>load<u8>(s);
        if (b == quote) { s++; e--; n -= 2; b = <u32>load<u8>(s); }
        if (lengths != 0 && (lengths >> (n < 63 ? <u64>n : 63)) & 1) break;
        if (kind == KIND_INT) { if (!fastInteger(b, e, n, out, bits, most, least)) break; }
        else if (kind == KIND_FLOAT) { if (!fastFloat(b, e, n, out, bits == 32)) break; }
        else if (kind == KIND_DECIMAL) { if (!fastDecimal(b, e, n, out, scale, bound)) break; }
        else if (kind == KIND_DATE) { if (!fastDate(s, n, out)) break; }
        else if (!plain || !fastTimestamp(s, n, out, per)) break;
      }
      starts += stride; ends += endStride; out += width;
      row++;
    }
    if (row >= rows) break;
    castCell(ctx, col, row);
    starts += stride; ends += endStride; out += width;
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

// Each loop is exported, though only called from here, so that the optimizer leaves it in a function of its own, with registers of its own.
export function castInt64(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 64);
}
export function castInt32(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 32);
}
export function castInt16(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 16);
}
export function castInt8(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 8);
}
export function castFloat64(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_FLOAT, 64);
}
export function castFloat32(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_FLOAT, 32);
}
export function castDecimal(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_DECIMAL, 64);
}
export function castDate(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_DATE, 32);
}
export function castTimestamp(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_TIMESTAMP, 64);
}

// Casts one column of fixed width.
function castColumn(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS);
  const formatted = load<u32>(col, COL_FORMAT) != 0;
  if (kind == KIND_INT) {
    if (bits == 64) castInt64(ctx, col, starts, stride, add, ends, endStride);
    else if (bits == 32) castInt32(ctx, col, starts, stride, add, ends, endStride);
    else if (bits == 16) castInt16(ctx, col, starts, stride, add, ends, endStride);
    else castInt8(ctx, col, starts, stride, add, ends, endStride);
  } else if (kind == KIND_FLOAT) {
    if (bits == 64) castFloat64(ctx, col, starts, stride, add, ends, endStride);
    else castFloat32(ctx, col, starts, stride, add, ends, endStride);
  } else if (kind == KIND_DECIMAL) castDecimal(ctx, col, starts, stride, add, ends, endStride);
  else if (kind == KIND_DATE && !formatted) castDate(ctx, col, starts, stride, add, ends, endStride);
  else if (kind == KIND_TIMESTAMP && !formatted) castTimestamp(ctx, col, starts, stride, add, ends, endStride);
  else for (let row: u32 = 0, rows = load<u32>(ctx, CTX_ROWS); row < rows; row++) castCell(ctx, col, row);
}

// The physical line of each row.
export function castLine(ctx: usize, col: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), bits = load<u32>(col, COL_BITS), width = <usize>load<u32>(col, COL_WIDTH);
  const base = load<u64>(ctx, CTX_LINE_BASE);
  const most: u64 = (<u64>1 << <u64>(bits - 1)) - 1 + (load<u32>(col, COL_SIGNED) ? 0 : <u64>1 << <u64>(bits - 1));
  let lines = <usize>load<u32>(ctx, CTX_ROW_LINE), out = <usize>load<u32>(col, COL_VALUES);
  for (let row: u32 = 0; row < rows; row++) {
    const v = base + <u64>load<u32>(lines);
    // The slot of a line beyond the type holds its low bits, and its row goes.
    if (bits == 64) store<u64>(out, v); else if (bits == 32) store<u32>(out, <u32>v);
    else if (bits == 16) store<u16>(out, <u16>v); else store<u8>(out, <u8>v);
    if (v > most) settleCell(ctx, col, row, STATUS_RANGE);
    lines += 4; out += width;
  }
}

// Casts one cell again, after the host has added to what the kernel knows (a year of a zone).
export function csvCastCell(ctx: usize, col: usize, row: u32): void {
  if (isGeneral(ctx, col)) castGeneralCell(ctx, col, row);
  else castCell(ctx, col, row);
  checkCellRange(ctx, col, row);
}

// Casts every column of the rows the scan indexed.
export function csvCast(ctx: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), width = load<u32>(ctx, CTX_WIDTH), count = load<u32>(ctx, CTX_COLUMN_COUNT);
  const index = <usize>load<u32>(ctx, CTX_ENDS), endStride = <usize>width << 2, columns = <usize>load<u32>(ctx, CTX_COLUMNS);
  store<u32>(ctx, 0, CTX_BAD_COUNT);
  store<u32>(ctx, 0, CTX_SLOW_COUNT);
  memory.fill(<usize>load<u32>(ctx, CTX_BAD), 0, <usize>rows << 2);
  for (let i: u32 = 0; i < count; i++) {
    const col = columns + <usize>i * COL_SIZE;
    const position = load<u32>(col, COL_POSITION);
    const start = position == 0;
    const starts = start ? <usize>load<u32>(ctx, CTX_ROW_START) : index + (<usize>(position - 1) << 2);
    const stride: usize = start ? 4 : endStride, add: usize = start ? 0 : 1;
    const ends = index + (<usize>position << 2);
    const alias = <usize>load<u32>(col, COL_ALIAS);
    if (alias != 0) { castAlias(ctx, col, alias); continue; }
    store<u32>(col, 0, COL_NULLS);
    memory.fill(<usize>load<u32>(col, COL_VALIDITY), 255, <usize>(rows + 7) >> 3);
    const kind = load<u32>(col, COL_KIND);
    const isText = kind == KIND_TEXT || kind == KIND_BINARY || kind == KIND_JSON;
    if (kind == KIND_LINE) castLine(ctx, col);
    else if (isGeneral(ctx, col)) { if (isText) castGeneralText(ctx, col); else castGeneral(ctx, col); }
    else if (isText) castText(ctx, col, starts, stride, add, ends, endStride);
    else if (kind == KIND_BOOLEAN) castBoolean(ctx, col, starts, stride, add, ends, endStride);
    else castColumn(ctx, col, starts, stride, add, ends, endStride);
    checkRange(ctx, col);
  }
}
