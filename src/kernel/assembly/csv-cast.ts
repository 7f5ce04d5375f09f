// Field index → columns, one column at a time.
import {
  COL_ALIAS, COL_BITS, COL_DATA, COL_FORMAT, COL_KIND, COL_NULLS, COL_ON_LOSS, COL_POSITION, COL_PRECISION, COL_SCALE,
  COL_SIGNED, COL_SIZE, COL_UNIT, COL_VALIDITY, COL_VALUES, COL_WIDTH, COL_ZONE, COL_ZONED, CTX_BAD, CTX_BAD_COUNT, CTX_COLUMNS,
  CTX_COLUMN_COUNT, CTX_ENDS, CTX_LINE_BASE, CTX_NULL_LENGTHS, CTX_POWERS, CTX_QUOTE, CTX_QUOTED_NULLS, CTX_ROWS, CTX_ROW_LINE,
  CTX_ROW_START, CTX_SLOW_COUNT, CTX_WIDTH, KIND_BINARY, KIND_BOOLEAN, KIND_DATE, KIND_DECIMAL, KIND_FLOAT, KIND_INT, KIND_JSON,
  KIND_LINE, KIND_TEXT, KIND_TIME, KIND_TIMESTAMP, KIND_UUID, STATUS_NULL, STATUS_RANGE, STATUS_SYNTAX,
} from './csv-layout';
import { settleCell } from './csv-cell';
import { castAlias, castText, isNullCell } from './csv-text';
import { parseInteger } from './csv-integer';
import { parseFloat64 } from './csv-float';
import { parseDecimal } from './csv-decimal';
import { castBoolean, parseUuid } from './csv-small';
import { parseFormatted } from './csv-format';
import { parseDate, parseTime, parseTimestamp } from './csv-time';

// The loop of every fixed-width kind; `kind` and `bits` are constants where it is inlined.
// @ts-ignore: decorator
@inline
function castFixed(ctx: usize, col: usize, first: u32, rows: u32, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize, kind: i32, bits: u32): void {
  const quote = load<u32>(ctx, CTX_QUOTE);
  const lengths = load<u64>(ctx, CTX_NULL_LENGTHS), quotedNulls = load<u32>(ctx, CTX_QUOTED_NULLS) != 0;
  const signed = load<u32>(col, COL_SIGNED) != 0;
  const top: u64 = (<u64>1 << <u64>(bits - 1));
  const most: u64 = signed ? top - 1 : top + (top - 1), least: u64 = signed ? top : 0;
  const digits = load<u32>(col, COL_UNIT), zoned = load<u32>(col, COL_ZONED) != 0, zone = <usize>load<u32>(col, COL_ZONE);
  const precision = load<u32>(col, COL_PRECISION), scale = load<u32>(col, COL_SCALE), powers = <usize>load<u32>(ctx, CTX_POWERS);
  const onLoss = load<u32>(col, COL_ON_LOSS);
  const per: i64 = digits == 0 ? 1 : digits == 3 ? 1000 : digits == 6 ? 1000000 : 1000000000;
  const width = <usize>load<u32>(col, COL_WIDTH);
  let out = <usize>load<u32>(col, COL_VALUES) + <usize>first * width;
  starts += <usize>first * stride;
  ends += <usize>first * endStride;
  for (let row = first; row < rows; row++) {
    let s = <usize>load<u32>(starts) + add;
    let e = <usize>load<u32>(ends);
    starts += stride; ends += endStride;
    let n = e - s;
    const quoted = n != 0 && <u32>load<u8>(s) == quote;
    if (quoted) { s++; e--; n -= 2; }
    let status = STATUS_SYNTAX;
    if (((lengths >> (n < 63 ? <u64>n : 63)) & 1) != 0 && (!quoted || quotedNulls) && isNullCell(ctx, s, e, quoted)) status = STATUS_NULL;
    else if (n != 0) {
      if (kind == KIND_INT) status = parseInteger(s, e, out, bits, most, least, onLoss);
      else if (kind == KIND_FLOAT) status = parseFloat64(s, e, out, bits == 32, powers);
      else if (kind == KIND_DECIMAL) status = parseDecimal(s, e, out, precision, scale, onLoss);
      else if (kind == KIND_UUID) status = parseUuid(s, e, out);
      else if (kind == KIND_DATE) status = parseDate(s, e, out, onLoss);
      else if (kind == KIND_TIME) status = parseTime(s, e, out, digits, onLoss);
      else if (kind == KIND_TIMESTAMP) status = parseTimestamp(ctx, s, e, out, digits, per, zoned, zone, onLoss);
      else status = parseFormatted(ctx, col, s, e, out, quoted);
    }
    if (status != 0) {
      memory.fill(out, 0, width);
      settleCell(ctx, col, row, status);
    }
    out += width;
  }
}

// The physical line of each row.
function castLine(ctx: usize, col: usize): void {
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

// Casts rows `first` to `rows` (exclusive) of one column of fixed width.
function castRows(ctx: usize, col: usize, first: u32, rows: u32, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS);
  if (kind == KIND_INT) {
    if (bits == 64) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_INT, 64);
    else if (bits == 32) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_INT, 32);
    else if (bits == 16) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_INT, 16);
    else castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_INT, 8);
  } else if (kind == KIND_FLOAT) {
    if (bits == 64) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_FLOAT, 64);
    else castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_FLOAT, 32);
  } else if (kind == KIND_DECIMAL) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_DECIMAL, 64);
  else if (kind == KIND_UUID) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_UUID, 64);
  else if (load<u32>(col, COL_FORMAT) != 0) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, 0, 64);
  else if (kind == KIND_DATE) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_DATE, 64);
  else if (kind == KIND_TIME) castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_TIME, 64);
  else castFixed(ctx, col, first, rows, starts, stride, add, ends, endStride, KIND_TIMESTAMP, 64);
}

// Casts one cell again, after the host has added to what the kernel knows (a year of a zone).
export function csvCastCell(ctx: usize, col: usize, row: u32): void {
  const position = load<u32>(col, COL_POSITION), index = <usize>load<u32>(ctx, CTX_ENDS), endStride = <usize>load<u32>(ctx, CTX_WIDTH) << 2;
  if (position == 0) castRows(ctx, col, row, row + 1, <usize>load<u32>(ctx, CTX_ROW_START), 4, 0, index, endStride);
  else castRows(ctx, col, row, row + 1, index + (<usize>(position - 1) << 2), endStride, 1, index + (<usize>position << 2), endStride);
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
    if (kind == KIND_TEXT || kind == KIND_BINARY || kind == KIND_JSON) castText(ctx, col, starts, stride, add, ends, endStride);
    else if (kind == KIND_LINE) castLine(ctx, col);
    else if (kind == KIND_BOOLEAN) castBoolean(ctx, col, starts, stride, add, ends, endStride);
    else castRows(ctx, col, 0, rows, starts, stride, add, ends, endStride);
  }
}
