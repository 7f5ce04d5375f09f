// Columns of dates and timestamps that must stay within bounds narrower than their type: looked at once they are cast.
import {
  COL_LEAST, COL_MOST, COL_RANGED, COL_VALIDITY, COL_VALUES, COL_WIDTH, CTX_ROWS, STATUS_RANGE,
} from './csv-layout';
import { settleCell } from './csv-cell';

// Number of the first row from `row` on whose value of 4 or 8 bytes lies outside [least, most], or `rows`.
export function findOutside(values: usize, width: u32, row: u32, rows: u32, least: i64, most: i64): u32 {
  if (width == 4) {
    const lo = i32x4.splat(<i32>least), hi = i32x4.splat(<i32>most);
    for (; row + 4 <= rows; row += 4) {
      const v = v128.load(values + (<usize>row << 2));
      const wrong = i32x4.bitmask(v128.or(i32x4.lt_s(v, lo), i32x4.gt_s(v, hi)));
      if (wrong != 0) return row + <u32>ctz(wrong);
    }
    for (; row < rows; row++) {
      const v = <i64>load<i32>(values + (<usize>row << 2));
      if (v < least || v > most) return row;
    }
    return rows;
  }
  const lo = i64x2.splat(least), hi = i64x2.splat(most);
  for (; row + 2 <= rows; row += 2) {
    const v = v128.load(values + (<usize>row << 3));
    const wrong = i64x2.bitmask(v128.or(i64x2.lt_s(v, lo), i64x2.gt_s(v, hi)));
    if (wrong != 0) return row + <u32>ctz(wrong);
  }
  for (; row < rows; row++) {
    const v = load<i64>(values + (<usize>row << 3));
    if (v < least || v > most) return row;
  }
  return rows;
}

function checkRows(ctx: usize, col: usize, row: u32, rows: u32): void {
  const values = <usize>load<u32>(col, COL_VALUES), width = load<u32>(col, COL_WIDTH), validity = <usize>load<u32>(col, COL_VALIDITY);
  const least = load<i64>(col, COL_LEAST), most = load<i64>(col, COL_MOST);
  for (;;) {
    row = findOutside(values, width, row, rows, least, most);
    if (row >= rows) return;
    memory.fill(values + <usize>(row * width), 0, <usize>width);
    if (((load<u8>(validity + <usize>(row >> 3)) >> <u8>(row & 7)) & 1) != 0) settleCell(ctx, col, row, STATUS_RANGE);
    row++;
  }
}

// Settles every value of a column that is out of its bounds, where it has any. A slot without a value holds zeroes, which are within.
export function checkRange(ctx: usize, col: usize): void {
  if (load<u32>(col, COL_RANGED) != 0) checkRows(ctx, col, 0, load<u32>(ctx, CTX_ROWS));
}

// The same for one cell.
export function checkCellRange(ctx: usize, col: usize, row: u32): void {
  if (load<u32>(col, COL_RANGED) != 0) checkRows(ctx, col, row, row + 1);
}
