// Timestamps → columns. The inner loops call nothing; a cell that is not plain leaves them.
import { COL_KIND, COL_NULLABLE, COL_NULLS, COL_UNIT, COL_VALIDITY, COL_VALUES, CTX_ROWS, KIND_DATE } from './csv-layout';
import { daysFromCivil, isDate } from './csv-digits';
import { castWireCell } from './wire-cell';
import { EPOCH_SECONDS } from './wire-time';

// A null cell where nulls may be; its slot is zeroed.
// @ts-ignore: decorator
@inline
function clear(validity: usize, row: u32, out: usize, width: usize): void {
  const v = validity + <usize>(row >> 3);
  store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
  if (width == 8) store<u64>(out, 0); else store<u32>(out, 0);
}

// PostgreSQL's microseconds, where the column holds whole seconds or milliseconds: `per` microseconds each.
// @ts-ignore: decorator
@inline
function castCoarser(ctx: usize, col: usize, starts: usize, stride: usize, per: i64): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0, validity = <usize>load<u32>(col, COL_VALIDITY);
  let out = <usize>load<u32>(col, COL_VALUES), row: u32 = 0, nulls: u32 = 0;
  while (row < rows) {
    while (row < rows) {
      const span = load<u64>(starts), s = <u32>span;
      if (span == 0) {
        if (!nullable) break;
        clear(validity, row, out, 8);
        nulls++;
      } else {
        if (<u32>(span >> 32) - s != 8) break;
        const x = <i64>bswap(load<u64>(<usize>s)), whole = x / per;
        // Neither infinity is whole.
        if (whole * per != x) break;
        store<i64>(out, whole + EPOCH_SECONDS * (1000000 / per));
      }
      starts += stride; out += 8;
      row++;
    }
    if (row >= rows) break;
    castWireCell(ctx, col, row);
    starts += stride; out += 8;
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
}

// Exported so that each stays a function of its own.
export function castWireSeconds(ctx: usize, col: usize, starts: usize, stride: usize): void { castCoarser(ctx, col, starts, stride, 1000000); }
export function castWireMillis(ctx: usize, col: usize, starts: usize, stride: usize): void { castCoarser(ctx, col, starts, stride, 1000); }

// MySQL's dates and timestamps, where the column holds days, or whole seconds, milli- or microseconds.
export function castWireStamps(ctx: usize, col: usize, starts: usize, stride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nullable = load<u32>(col, COL_NULLABLE) != 0, validity = <usize>load<u32>(col, COL_VALIDITY);
  const days = load<u32>(col, COL_KIND) == KIND_DATE, unit = load<u32>(col, COL_UNIT), width: usize = days ? 4 : 8;
  let out = <usize>load<u32>(col, COL_VALUES), row: u32 = 0, nulls: u32 = 0;
  while (row < rows) {
    while (row < rows) {
      const span = load<u64>(starts), s = <usize>(span & 0xffffffff), n = <usize>(span >> 32) - s;
      if (span == 0) {
        if (!nullable) break;
        clear(validity, row, out, width);
        nulls++;
      } else {
        if (n != 4 && (days || (n != 7 && n != 11))) break;
        const y = <i32>load<u16>(s), m = <i32>load<u8>(s, 2), d = <i32>load<u8>(s, 3);
        if (y > 9999 || !isDate(y, m, d)) break;
        const day = daysFromCivil(y, m, d);
        if (days) store<i32>(out, day);
        else {
          let seconds = <i64>day * 86400, fraction: u32 = 0;
          if (n != 4) {
            const hour = <u32>load<u8>(s, 4), minute = <u32>load<u8>(s, 5), second = <u32>load<u8>(s, 6);
            fraction = n == 11 ? load<u32>(s, 7) : 0;
            if (hour > 23 || minute > 59 || second > 59 || fraction > 999999) break;
            seconds += <i64>(hour * 3600 + minute * 60 + second);
          }
          if (unit == 6) store<i64>(out, seconds * 1000000 + <i64>fraction);
          else if (unit == 3) {
            if (fraction % 1000 != 0) break;
            store<i64>(out, seconds * 1000 + <i64>(fraction / 1000));
          } else {
            if (fraction != 0) break;
            store<i64>(out, seconds);
          }
        }
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
