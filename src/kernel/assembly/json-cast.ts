// Cells of JSON lines → columns: a string by the text it holds, any other single value by the text it is, by the rules of CSV fields.
import {
  COL_BITS, COL_DATA, COL_FORMAT, COL_KIND, COL_NULLABLE, COL_NULLS, COL_ON_LOSS, COL_POSITION, COL_PRECISION, COL_SCALE, COL_SIGNED, COL_SIZE,
  COL_STYLE, COL_TABLE, COL_UNIT, COL_VALIDITY, COL_VALUES, COL_WIDTH, COL_ZONE, CTX_BAD, CTX_BAD_COUNT, CTX_CELL, CTX_COLUMNS, CTX_COLUMN_COUNT,
  CTX_DATA, CTX_ROWS, CTX_SCRATCH, CTX_SLOW_COUNT, CTX_WIDTH, KIND_BINARY, KIND_BOOLEAN, KIND_DATE, KIND_DECIMAL, KIND_FLOAT, KIND_INT, KIND_JSON,
  KIND_LINE, KIND_TEXT, KIND_TIMESTAMP, STATUS_NULL, STATUS_RANGE, STATUS_SYNTAX,
} from './csv-layout';
import { castLine } from './csv-cast';
import { settleCell } from './csv-cell';
import { decimalBound, fastDecimal, parseDecimal } from './csv-decimal';
import { fastFloat } from './csv-float';
import { fastInteger, storeBits } from './csv-integer';
import { checkCellRange, checkRange } from './csv-range';
import { booleanOf } from './csv-small';
import { plainNumber } from './csv-style';
import { fastDate, fastTimestamp } from './csv-time';
import { parseValue } from './csv-value';
import { CTX_JSON_CELLS, STATUS_MISSING, STATUS_NESTED } from './json-layout';

// @ts-ignore: decorator
@inline
function isString(s: usize): bool { return load<u8>(s - 1) == 34; }

// @ts-ignore: decorator
@inline
function isNested(s: usize): bool {
  const b = load<u8>(s);
  return (b == 123 || b == 91) && !isString(s);
}

// @ts-ignore: decorator
@inline
function clearBit(validity: usize, row: u32): void {
  const v = validity + <usize>(row >> 3);
  store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
}

// A missing or null value, of which the slot is zero already.
function settleNull(ctx: usize, col: usize, row: u32, s: usize): void {
  settleCell(ctx, col, row, s == 0 && load<u32>(col, COL_NULLABLE) == 0 ? STATUS_MISSING : STATUS_NULL);
}

const WHOLE: usize = memory.data(16, 16);

// A number with a fraction or an exponent that is whole all the same, or is made so by `on_loss`.
function parseWhole(col: usize, s: usize, e: usize, out: usize): i32 {
  const status = parseDecimal(s, e, WHOLE, 38, 0, load<u32>(col, COL_ON_LOSS));
  if (status != 0) return status;
  let low = load<u64>(WHOLE), high = load<u64>(WHOLE, 8);
  const neg = <i64>high < 0;
  if (neg) { low = ~low + 1; high = ~high + (low == 0 ? 1 : 0); }
  const bits = load<u32>(col, COL_BITS), signed = load<u32>(col, COL_SIGNED) != 0, top: u64 = <u64>1 << <u64>(bits - 1);
  const most: u64 = signed ? top - 1 : top + (top - 1), least: u64 = signed ? top : 0;
  if (high != 0 || low > (neg ? least : most)) return STATUS_RANGE;
  storeBits(out, bits, neg ? 0 - low : low);
  return 0;
}

function isPlainInteger(s: usize, e: usize): bool {
  if (load<u8>(s) == 45) s++;
  while (s < e && <u32>load<u8>(s) - 48 <= 9) s++;
  return s == e;
}

function castSingle(ctx: usize, col: usize, row: u32, s: usize, e: usize, out: usize): i32 {
  const kind = load<u32>(col, COL_KIND), text = isString(s);
  if (kind == KIND_BOOLEAN) {
    const v = booleanOf(ctx, <usize>load<u32>(col, COL_TABLE), s, e, false);
    const word = v < 0 && !text ? (load<u32>(s) == 0x65757274 ? 1 : load<u32>(s) == 0x736c6166 ? 0 : -1) : v;
    if (word < 0) return STATUS_SYNTAX;
    const p = <usize>load<u32>(col, COL_VALUES) + <usize>(row >> 3);
    store<u8>(p, load<u8>(p) | (<u8>word << <u8>(row & 7)));
    return 0;
  }
  if (s == e) return STATUS_SYNTAX;
  const style = <usize>load<u32>(col, COL_STYLE);
  if (style != 0 && text) {
    const scratch = <usize>load<u32>(ctx, CTX_SCRATCH), end = plainNumber(style, kind, s, e, scratch);
    return end == 0 || end == scratch ? STATUS_SYNTAX : parseValue(ctx, col, scratch, end, out, false);
  }
  if (kind == KIND_INT && !text && <u32>load<u8>(s) <= 57 && !isPlainInteger(s, e)) return parseWhole(col, s, e, out);
  return parseValue(ctx, col, s, e, out, false);
}

// @ts-ignore: decorator
@inline
function cellOf(ctx: usize, col: usize, row: u32): usize {
  const index = <usize>row * <usize>load<u32>(ctx, CTX_WIDTH) + <usize>load<u32>(col, COL_POSITION);
  return <usize>load<u32>(ctx, CTX_JSON_CELLS) + (index << 3);
}

// Casts one cell of a column of fixed width into its slot, which may hold anything, or its bit, which is 0.
function castCell(ctx: usize, col: usize, row: u32): void {
  const width = <usize>load<u32>(col, COL_WIDTH), out = <usize>load<u32>(col, COL_VALUES) + <usize>row * width;
  const cell = cellOf(ctx, col, row), s = <usize>load<u32>(cell);
  const status = s <= 1 ? STATUS_NULL : isNested(s) ? STATUS_NESTED : castSingle(ctx, col, row, s, <usize>load<u32>(cell, 4), out);
  if (status == 0) return;
  memory.fill(out, 0, width);
  if (s <= 1) settleNull(ctx, col, row, s);
  else settleCell(ctx, col, row, status);
}

// The text that a cell's number is read from; its address goes to CTX_CELL. Returns its length.
export function jsonCellText(ctx: usize, col: usize, row: u32): u32 {
  const cell = cellOf(ctx, col, row), style = <usize>load<u32>(col, COL_STYLE);
  let s = <usize>load<u32>(cell), e = <usize>load<u32>(cell, 4);
  if (style != 0 && isString(s)) {
    const scratch = <usize>load<u32>(ctx, CTX_SCRATCH);
    e = plainNumber(style, load<u32>(col, COL_KIND), s, e, scratch);
    s = scratch;
  }
  store<u32>(ctx, <u32>s, CTX_CELL);
  return <u32>(e - s);
}

// Copies cells one after another: text, JSON and bytes.
function castJsonText(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0, single = load<u32>(col, COL_KIND) != KIND_JSON;
  const validity = <usize>load<u32>(col, COL_VALIDITY), values = <usize>load<u32>(col, COL_VALUES), data = <usize>load<u32>(ctx, CTX_DATA);
  let out = values, w = data, nulls: u32 = 0;
  store<u32>(out, 0);
  for (let row: u32 = 0; row < rows; row++) {
    const span = load<u64>(starts), s = <usize>(span & 0xffffffff), n = <usize>(span >> 32) - s;
    if (s <= 1) {
      if (nullable) { clearBit(validity, row); nulls++; }
      else settleNull(ctx, col, row, s);
    } else if (single && isNested(s)) settleCell(ctx, col, row, STATUS_NESTED);
    else {
      v128.store(w, v128.load(s));
      if (n > 16) {
        if (n > 256) memory.copy(w, s, n);
        else for (let k: usize = 16; k < n; k += 16) v128.store(w + k, v128.load(s + k));
      }
      w += n;
    }
    starts += stride; out += 4;
    store<u32>(out, <u32>(w - data));
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
  store<u32>(col, <u32>data, COL_DATA);
  store<u32>(ctx, <u32>w, CTX_DATA);
}

// The loop of every fixed-width kind, as `castFixed` of csv-cast.
// @ts-ignore: decorator
@inline
function castJsonFixed(ctx: usize, col: usize, starts: usize, stride: usize, kind: i32, bits: u32): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0;
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
      const s = <usize>load<u32>(starts), e = <usize>load<u32>(starts, 4), n = e - s;
      if (n == 0) {
        if (s > 1 || !nullable) break;
        clearBit(validity, row);
        nulls++;
        if (width == 16) { store<u64>(out, 0); store<u64>(out, 0, 8); }
        else if (width == 8) store<u64>(out, 0);
        else if (width == 4) store<u32>(out, 0);
        else if (width == 2) store<u16>(out, 0);
        else store<u8>(out, 0);
      } else {
        const b = <u32>load<u8>(s);
        if (kind == KIND_INT) { if (!fastInteger(b, e, n, out, bits, most, least)) break; }
        else if (kind == KIND_FLOAT) { if (!fastFloat(b, e, n, out, bits == 32)) break; }
        else if (kind == KIND_DECIMAL) { if (!fastDecimal(b, e, n, out, scale, bound)) break; }
        else if (kind == KIND_DATE) { if (!fastDate(s, n, out)) break; }
        else if (!plain || !fastTimestamp(s, n, out, per)) break;
      }
      starts += stride; out += width;
      row++;
    }
    if (row >= rows) break;
    castCell(ctx, col, row);
    starts += stride; out += width;
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

// Exported so that each stays a function of its own.
export function castJsonInt64(ctx: usize, col: usize, starts: usize, stride: usize): void { castJsonFixed(ctx, col, starts, stride, KIND_INT, 64); }
export function castJsonInt32(ctx: usize, col: usize, starts: usize, stride: usize): void { castJsonFixed(ctx, col, starts, stride, KIND_INT, 32); }
export function castJsonFloat64(ctx: usize, col: usize, starts: usize, stride: usize): void { castJsonFixed(ctx, col, starts, stride, KIND_FLOAT, 64); }
export function castJsonDecimal(ctx: usize, col: usize, starts: usize, stride: usize): void { castJsonFixed(ctx, col, starts, stride, KIND_DECIMAL, 64); }
export function castJsonDate(ctx: usize, col: usize, starts: usize, stride: usize): void { castJsonFixed(ctx, col, starts, stride, KIND_DATE, 32); }
export function castJsonTimestamp(ctx: usize, col: usize, starts: usize, stride: usize): void { castJsonFixed(ctx, col, starts, stride, KIND_TIMESTAMP, 64); }

function castJsonColumn(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS), plain = load<u32>(col, COL_FORMAT) == 0 && load<u32>(col, COL_STYLE) == 0;
  if (kind == KIND_INT && plain && bits == 64) castJsonInt64(ctx, col, starts, stride);
  else if (kind == KIND_INT && plain && bits == 32) castJsonInt32(ctx, col, starts, stride);
  else if (kind == KIND_FLOAT && plain && bits == 64) castJsonFloat64(ctx, col, starts, stride);
  else if (kind == KIND_DECIMAL && plain) castJsonDecimal(ctx, col, starts, stride);
  else if (kind == KIND_DATE && plain) castJsonDate(ctx, col, starts, stride);
  else if (kind == KIND_TIMESTAMP && plain) castJsonTimestamp(ctx, col, starts, stride);
  else for (let row: u32 = 0, rows = load<u32>(ctx, CTX_ROWS); row < rows; row++) castCell(ctx, col, row);
}

// Casts every column of the rows the scan found.
export function jsonCast(ctx: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), count = load<u32>(ctx, CTX_COLUMN_COUNT), columns = <usize>load<u32>(ctx, CTX_COLUMNS);
  const cells = <usize>load<u32>(ctx, CTX_JSON_CELLS), stride = <usize>load<u32>(ctx, CTX_WIDTH) << 3;
  store<u32>(ctx, 0, CTX_BAD_COUNT);
  store<u32>(ctx, 0, CTX_SLOW_COUNT);
  memory.fill(<usize>load<u32>(ctx, CTX_BAD), 0, <usize>rows << 2);
  for (let i: u32 = 0; i < count; i++) {
    const col = columns + <usize>i * COL_SIZE, kind = load<u32>(col, COL_KIND);
    const starts = cells + (<usize>load<u32>(col, COL_POSITION) << 3);
    store<u32>(col, 0, COL_NULLS);
    memory.fill(<usize>load<u32>(col, COL_VALIDITY), 255, <usize>(rows + 7) >> 3);
    if (kind == KIND_LINE) castLine(ctx, col);
    else if (kind == KIND_TEXT || kind == KIND_BINARY || kind == KIND_JSON) castJsonText(ctx, col, starts, stride);
    else {
      if (kind == KIND_BOOLEAN) memory.fill(<usize>load<u32>(col, COL_VALUES), 0, <usize>(rows + 7) >> 3);
      castJsonColumn(ctx, col, starts, stride);
      checkRange(ctx, col);
    }
  }
}

// Casts one cell again, after the host has added to what the kernel knows (a year of a zone).
export function jsonCastCell(ctx: usize, col: usize, row: u32): void {
  castCell(ctx, col, row);
  checkCellRange(ctx, col, row);
}
