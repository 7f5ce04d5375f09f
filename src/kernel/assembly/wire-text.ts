// Cells of text → columns, by the rules of CSV fields without quotes: what is null, the server has said.
import {
  COL_BITS, COL_DATA, COL_FORMAT, COL_KIND, COL_NULLABLE, COL_NULLS, COL_PRECISION, COL_SCALE, COL_SIGNED, COL_UNIT, COL_VALIDITY, COL_VALUES,
  COL_ZONE, CTX_DATA, CTX_ROWS, KIND_DATE, KIND_DECIMAL, KIND_FLOAT, KIND_INT, KIND_TIMESTAMP, STATUS_NULL,
} from './csv-layout';
import { settleCell } from './csv-cell';
import { decimalBound, fastDecimal } from './csv-decimal';
import { fastFloat } from './csv-float';
import { fastInteger } from './csv-integer';
import { checkText } from './csv-text';
import { fastDate, fastTimestamp } from './csv-time';
import { castWireCell } from './wire-cell';

// Copies cells one after another: text, JSON and bytes.
export function castWireText(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0;
  const validity = <usize>load<u32>(col, COL_VALIDITY), values = <usize>load<u32>(col, COL_VALUES), data = <usize>load<u32>(ctx, CTX_DATA);
  let out = values, w = data, nulls: u32 = 0;
  store<u32>(out, 0);
  for (let row: u32 = 0; row < rows; row++) {
    const span = load<u64>(starts), s = <usize>(span & 0xffffffff), n = <usize>(span >> 32) - s;
    if (span == 0) {
      if (nullable) {
        const v = validity + <usize>(row >> 3);
        store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
        nulls++;
      } else settleCell(ctx, col, row, STATUS_NULL);
    } else {
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
  if (!isAscii(data, w)) checkText(ctx, col, values, data, rows);
}

// Whether no byte of [s, e) is above 0x7f.
function isAscii(s: usize, e: usize): bool {
  let high = i8x16.splat(0);
  for (; s + 16 <= e; s += 16) high = v128.or(high, v128.load(s));
  if (i8x16.bitmask(high) != 0) return false;
  for (; s < e; s++) if (load<u8>(s) > 127) return false;
  return true;
}

// The loop of every fixed-width kind, as `castFixed` of csv-cast.
// @ts-ignore: decorator
@inline
function castFixedText(ctx: usize, col: usize, starts: usize, stride: usize, kind: i32, bits: u32): void {
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
        if (s != 0 || !nullable) break;
        const v = validity + <usize>(row >> 3);
        store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
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
    castWireCell(ctx, col, row);
    starts += stride; out += width;
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

// Exported so that each stays a function of its own.
export function castWireInt64(ctx: usize, col: usize, starts: usize, stride: usize): void { castFixedText(ctx, col, starts, stride, KIND_INT, 64); }
export function castWireInt32(ctx: usize, col: usize, starts: usize, stride: usize): void { castFixedText(ctx, col, starts, stride, KIND_INT, 32); }
export function castWireFloat64(ctx: usize, col: usize, starts: usize, stride: usize): void { castFixedText(ctx, col, starts, stride, KIND_FLOAT, 64); }
export function castWireDecimal(ctx: usize, col: usize, starts: usize, stride: usize): void { castFixedText(ctx, col, starts, stride, KIND_DECIMAL, 64); }
export function castWireDate(ctx: usize, col: usize, starts: usize, stride: usize): void { castFixedText(ctx, col, starts, stride, KIND_DATE, 32); }
export function castWireTimestamp(ctx: usize, col: usize, starts: usize, stride: usize): void { castFixedText(ctx, col, starts, stride, KIND_TIMESTAMP, 64); }

// Text into any column of fixed width; those that are rare in databases are cast cell by cell.
export function castWireFixed(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const kind = load<u32>(col, COL_KIND), bits = load<u32>(col, COL_BITS), plain = load<u32>(col, COL_FORMAT) == 0;
  if (kind == KIND_INT && bits == 64) castWireInt64(ctx, col, starts, stride);
  else if (kind == KIND_INT && bits == 32) castWireInt32(ctx, col, starts, stride);
  else if (kind == KIND_FLOAT && bits == 64) castWireFloat64(ctx, col, starts, stride);
  else if (kind == KIND_DECIMAL) castWireDecimal(ctx, col, starts, stride);
  else if (kind == KIND_DATE && plain) castWireDate(ctx, col, starts, stride);
  else if (kind == KIND_TIMESTAMP && plain) castWireTimestamp(ctx, col, starts, stride);
  else for (let row: u32 = 0, rows = load<u32>(ctx, CTX_ROWS); row < rows; row++) castWireCell(ctx, col, row);
}
