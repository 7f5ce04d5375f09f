// Cells of rows → columns, one column at a time.
import {
  COL_KIND, COL_NULLS, COL_POSITION, COL_SIZE, COL_VALIDITY, COL_VALUES, COL_WIRE, CTX_BAD, CTX_BAD_COUNT, CTX_COLUMNS, CTX_COLUMN_COUNT, CTX_ROWS,
  CTX_REJECT_COUNT, CTX_SLOW_COUNT, CTX_WIDTH, KIND_BINARY, KIND_BOOLEAN, KIND_JSON, KIND_TEXT,
} from './csv-layout';
import { checkCellRange, checkRange } from './csv-range';
import { castWireCell } from './wire-cell';
import { castWireNumbers } from './wire-fixed';
import { CTX_CELLS, FORM_TEXT } from './wire-layout';
import { castWireFixed, castWireText } from './wire-text';

// Casts every column of the rows the scan found.
export function wireCast(ctx: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), count = load<u32>(ctx, CTX_COLUMN_COUNT), columns = <usize>load<u32>(ctx, CTX_COLUMNS);
  const cells = <usize>load<u32>(ctx, CTX_CELLS), stride = <usize>load<u32>(ctx, CTX_WIDTH) << 3;
  store<u32>(ctx, 0, CTX_BAD_COUNT);
  store<u32>(ctx, 0, CTX_SLOW_COUNT);
  store<u32>(ctx, 0, CTX_REJECT_COUNT);
  memory.fill(<usize>load<u32>(ctx, CTX_BAD), 0, <usize>rows << 2);
  for (let i: u32 = 0; i < count; i++) {
    const col = columns + <usize>i * COL_SIZE, kind = load<u32>(col, COL_KIND);
    const starts = cells + (<usize>load<u32>(col, COL_POSITION) << 3);
    store<u32>(col, 0, COL_NULLS);
    memory.fill(<usize>load<u32>(col, COL_VALIDITY), 255, <usize>(rows + 7) >> 3);
    if (kind == KIND_TEXT || kind == KIND_BINARY || kind == KIND_JSON) { castWireText(ctx, col, starts, stride); continue; }
    if (kind == KIND_BOOLEAN) memory.fill(<usize>load<u32>(col, COL_VALUES), 0, <usize>(rows + 7) >> 3);
    if ((load<u32>(col, COL_WIRE) & 255) == FORM_TEXT) castWireFixed(ctx, col, starts, stride);
    else castWireNumbers(ctx, col, starts, stride);
    checkRange(ctx, col);
  }
}

// Casts one cell again, after the host has added to what the kernel knows (a year of a zone).
export function wireCastCell(ctx: usize, col: usize, row: u32): void {
  castWireCell(ctx, col, row);
  checkCellRange(ctx, col, row);
}
