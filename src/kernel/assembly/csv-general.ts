// Columns that the plain loops know nothing of: blanks around fields, escapes without quotes, numbers with a style. One cell at a time.
import {
  COL_DATA, COL_KIND, COL_POSITION, COL_STYLE, COL_VALUES, COL_WIDTH, CTX_BARE_ESCAPES, CTX_CELL, CTX_DATA, CTX_ENDS, CTX_ESCAPE,
  CTX_QUOTE, CTX_ROWS, CTX_ROW_START, CTX_SCRATCH, CTX_TRIM, CTX_WIDTH, COL_TABLE, KIND_BOOLEAN, STATUS_ESCAPE, STATUS_NULL,
  STATUS_SYNTAX,
} from './csv-layout';
import { settleCell, unescapeTo } from './csv-cell';
import { decodeTo } from './csv-escape';
import { booleanOf } from './csv-small';
import { plainNumber } from './csv-style';
import { checkText, isNullCell } from './csv-text';
import { parseValue } from './csv-value';

// The cell at hand, without the blanks and quotes around it.
let from: usize = 0, to: usize = 0, quoted: bool = false;

// Whether a column of this plan needs these loops.
export function isGeneral(ctx: usize, col: usize): bool {
  return (load<u32>(ctx, CTX_TRIM) | load<u32>(ctx, CTX_BARE_ESCAPES) | load<u32>(col, COL_STYLE)) != 0;
}

// @ts-ignore: decorator
@inline
function isBlank(p: usize): bool { return load<u8>(p) == 32 || load<u8>(p) == 9; }

function find(ctx: usize, col: usize, row: u32): void {
  const position = load<u32>(col, COL_POSITION);
  const cell = <usize>load<u32>(ctx, CTX_ENDS) + ((<usize>row * <usize>load<u32>(ctx, CTX_WIDTH) + <usize>position) << 2);
  let s = position == 0 ? <usize>load<u32>(<usize>load<u32>(ctx, CTX_ROW_START) + (<usize>row << 2)) : <usize>load<u32>(cell - 4) + 1;
  let e = <usize>load<u32>(cell);
  if (load<u32>(ctx, CTX_TRIM)) {
    while (s < e && isBlank(s)) s++;
    while (s < e && isBlank(e - 1)) e--;
  }
  quoted = s != e && <u32>load<u8>(s) == load<u32>(ctx, CTX_QUOTE);
  if (quoted) { s++; e--; }
  from = s; to = e;
}

// Takes escapes and style from the cell at hand; the text without them lies in the scratch area.
function simplify(ctx: usize, col: usize): i32 {
  let scratch = <usize>load<u32>(ctx, CTX_SCRATCH);
  if (load<u32>(ctx, CTX_BARE_ESCAPES)) {
    const end = decodeTo(ctx, scratch, from, to);
    if (end == 0) return STATUS_ESCAPE;
    from = scratch; to = end;
    scratch = end + 16;
  }
  const style = <usize>load<u32>(col, COL_STYLE);
  if (style != 0) {
    const end = plainNumber(style, load<u32>(col, COL_KIND), from, to, scratch);
    if (end == 0) return STATUS_SYNTAX;
    from = scratch; to = end;
  }
  return 0;
}

// One cell of any type but text.
export function castGeneralCell(ctx: usize, col: usize, row: u32): void {
  find(ctx, col, row);
  const width = <usize>load<u32>(col, COL_WIDTH), values = <usize>load<u32>(col, COL_VALUES), out = values + <usize>row * width;
  let status = STATUS_SYNTAX;
  if (isNullCell(ctx, from, to, quoted)) status = STATUS_NULL;
  else if (load<u32>(col, COL_KIND) == KIND_BOOLEAN) {
    status = simplify(ctx, col);
    if (status == 0) {
      const v = booleanOf(ctx, <usize>load<u32>(col, COL_TABLE), from, to, quoted);
      if (v < 0) status = STATUS_SYNTAX;
      else {
        const p = values + <usize>(row >> 3);
        store<u8>(p, load<u8>(p) | (<u8>v << <u8>(row & 7)));
      }
    }
  } else if (from != to) {
    status = simplify(ctx, col);
    if (status == 0) status = from == to ? STATUS_SYNTAX : parseValue(ctx, col, from, to, out, quoted);
  }
  if (status == 0) return;
  memory.fill(out, 0, width);
  settleCell(ctx, col, row, status);
}

export function castGeneral(ctx: usize, col: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS);
  if (load<u32>(col, COL_KIND) == KIND_BOOLEAN) memory.fill(<usize>load<u32>(col, COL_VALUES), 0, <usize>(rows + 7) >> 3);
  for (let row: u32 = 0; row < rows; row++) castGeneralCell(ctx, col, row);
}

// One cell of text, appended at w; returns the end of the data.
function castTextCell(ctx: usize, col: usize, row: u32, w: usize): usize {
  find(ctx, col, row);
  if (isNullCell(ctx, from, to, quoted)) { settleCell(ctx, col, row, STATUS_NULL); return w; }
  if (quoted) return unescapeTo(w, from, to, load<u32>(ctx, CTX_QUOTE), load<u32>(ctx, CTX_ESCAPE));
  if (load<u32>(ctx, CTX_BARE_ESCAPES)) {
    const end = decodeTo(ctx, w, from, to);
    if (end != 0) return end;
    settleCell(ctx, col, row, STATUS_ESCAPE);
    return w;
  }
  const n = to - from;
  for (let k: usize = 0; k < n; k += 16) v128.store(w + k, v128.load(from + k));
  return w + n;
}

export function castGeneralText(ctx: usize, col: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), values = <usize>load<u32>(col, COL_VALUES), data = <usize>load<u32>(ctx, CTX_DATA);
  let w = data, out = values;
  store<u32>(out, 0);
  for (let row: u32 = 0; row < rows; row++) {
    w = castTextCell(ctx, col, row, w);
    out += 4;
    store<u32>(out, <u32>(w - data));
  }
  store<u32>(col, <u32>data, COL_DATA);
  store<u32>(ctx, <u32>w, CTX_DATA);
  checkText(ctx, col, values, data, rows);
}

// The text that a cell's type is read from; its address goes to CTX_CELL. Returns its length.
export function csvCellText(ctx: usize, col: usize, row: u32): u32 {
  find(ctx, col, row);
  simplify(ctx, col);
  store<u32>(ctx, <u32>from, CTX_CELL);
  return <u32>(to - from);
}
