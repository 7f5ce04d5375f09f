// Field index → columns, one column at a time.
import {
  COL_ALIAS, COL_BITS, COL_KIND, COL_LOCAL, COL_NULLABLE, COL_NULLS, COL_ON_LOSS, COL_POSITION, COL_RANK, COL_SIGNED, COL_SIZE, COL_UNIT, COL_VALIDITY,
  COL_VALUES, COL_WIDTH, COL_ZONED, COL_DATA, CTX_BAD, CTX_BAD_COUNT, CTX_COLUMNS, CTX_COLUMN_COUNT, CTX_DATA, CTX_ENDS, CTX_NULL_LENGTHS,
  CTX_QUOTE, CTX_QUOTED_NULLS, CTX_ROWS, CTX_ROW_START, CTX_SLOW_COUNT, CTX_WIDTH, KIND_BINARY, KIND_DATE, KIND_FLOAT, KIND_INT,
  KIND_JSON, KIND_TEXT, KIND_TIME, KIND_TIMESTAMP, STATUS_NULL, STATUS_SYNTAX, STATUS_SLOW, KIND_DECIMAL, KIND_BOOLEAN, KIND_UUID,
} from './csv-layout';
import { settleCell } from './csv-cell';
import { castText, isNullCell } from './csv-text';
import { parseFloat64, parseInteger } from './csv-number';
import { parseDate, parseTime, parseTimestamp } from './csv-time';

// The loop of every fixed-width kind; `kind` and `bits` are constants where it is inlined.
// @ts-ignore: decorator
@inline
function castFixed(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize, kind: i32, bits: u32): void {
  const rows = load<u32>(ctx, CTX_ROWS), quote = load<u32>(ctx, CTX_QUOTE);
  const lengths = load<u64>(ctx, CTX_NULL_LENGTHS), quotedNulls = load<u32>(ctx, CTX_QUOTED_NULLS) != 0;
  const signed = load<u32>(col, COL_SIGNED) != 0;
  const top: u64 = (<u64>1 << <u64>(bits - 1));
  const most: u64 = signed ? top - 1 : top + (top - 1), least: u64 = signed ? top : 0;
  const digits = load<u32>(col, COL_UNIT), zoned = load<u32>(col, COL_ZONED) != 0, local = load<u32>(col, COL_LOCAL) != 0;
  const onLoss = load<u32>(col, COL_ON_LOSS);
  const per: i64 = digits == 0 ? 1 : digits == 3 ? 1000 : digits == 6 ? 1000000 : 1000000000;
  const width = <usize>load<u32>(col, COL_WIDTH);
  let out = <usize>load<u32>(col, COL_VALUES);
  for (let row: u32 = 0; row < rows; row++) {
    let s = <usize>load<u32>(starts) + add;
    let e = <usize>load<u32>(ends);
    starts += stride; ends += endStride;
    let n = e - s;
    const quoted = n != 0 && <u32>load<u8>(s) == quote;
    if (quoted) { s++; e--; n -= 2; }
    let status = STATUS_SYNTAX;
    if (((lengths >> (n < 63 ? <u64>n : 63)) & 1) != 0 && (!quoted || quotedNulls) && isNullCell(ctx, s, e, quoted)) status = STATUS_NULL;
    else if (n != 0) {
      if (kind == KIND_INT) status = parseInteger(s, e, out, bits, most, least);
      else if (kind == KIND_FLOAT) status = parseFloat64(s, e, out, bits == 32);
      else if (kind == KIND_DATE) status = parseDate(s, e, out);
      else if (kind == KIND_TIME) status = parseTime(s, e, out, digits, onLoss);
      else if (kind == KIND_TIMESTAMP) status = parseTimestamp(s, e, out, digits, per, zoned, local, onLoss);
      else status = STATUS_SLOW;
    }
    if (status != 0) {
      memory.fill(out, 0, width);
      settleCell(ctx, col, row, status);
    }
    out += width;
  }
}

// Casts every column of the rows the scan indexed.
export function csvCast(ctx: usize): void {
  const rows = <usize>load<u32>(ctx, CTX_ROWS), width = load<u32>(ctx, CTX_WIDTH), count = load<u32>(ctx, CTX_COLUMN_COUNT);
  const index = <usize>load<u32>(ctx, CTX_ENDS), endStride = <usize>width << 2;
  store<u32>(ctx, 0, CTX_BAD_COUNT);
  store<u32>(ctx, 0, CTX_SLOW_COUNT);
  memory.fill(<usize>load<u32>(ctx, CTX_BAD), 0, rows << 2);
  let col = <usize>load<u32>(ctx, CTX_COLUMNS);
  for (let i: u32 = 0; i < count; i++, col += COL_SIZE) {
    const position = load<u32>(col, COL_POSITION);
    const first = position == 0;
    const starts = first ? <usize>load<u32>(ctx, CTX_ROW_START) : index + (<usize>(position - 1) << 2);
    const stride: usize = first ? 4 : endStride, add: usize = first ? 0 : 1;
    const ends = index + (<usize>position << 2);
    store<u32>(col, 0, COL_NULLS);
    memory.fill(<usize>load<u32>(col, COL_VALIDITY), 255, (rows + 7) >> 3);
    const kind = load<u32>(col, COL_KIND);
    if (kind == KIND_TEXT || kind == KIND_BINARY || kind == KIND_JSON) castText(ctx, col, starts, stride, add, ends, endStride);
    else if (kind == KIND_INT) {
      const bits = load<u32>(col, COL_BITS);
      if (bits == 64) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 64);
      else if (bits == 32) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 32);
      else if (bits == 16) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 16);
      else castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_INT, 8);
    }
    else if (kind == KIND_FLOAT) {
      if (load<u32>(col, COL_BITS) == 64) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_FLOAT, 64);
      else castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_FLOAT, 32);
    }
    else if (kind == KIND_DATE) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_DATE, 32);
    else if (kind == KIND_TIME) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_TIME, 64);
    else if (kind == KIND_TIMESTAMP) castFixed(ctx, col, starts, stride, add, ends, endStride, KIND_TIMESTAMP, 64);
    else castFixed(ctx, col, starts, stride, add, ends, endStride, 0, 64);
  }
}
