// Text and binary columns: spans → offsets and data.
import {
  COL_DATA, COL_KIND, COL_NULLABLE, COL_NULLS, COL_VALIDITY, COL_VALUES, CTX_DATA, CTX_ESCAPE, CTX_NON_ASCII, CTX_NULL_LENGTHS, CTX_QUOTE, CTX_QUOTED_NULLS,
  CTX_ROWS, KIND_BINARY, STATUS_NULL, STATUS_UTF8,
} from './csv-layout';
import { SCRATCH_TEXT, isNullText, rejectCell, settleCell, unescapeTo, unescaped } from './csv-cell';
import { isUtf8 } from './csv-utf8';

// One cell by the full rules, appended at w; returns the end of the data.
function castTextCell(ctx: usize, col: usize, row: u32, s: usize, e: usize, w: usize): usize {
  const quote = load<u32>(ctx, CTX_QUOTE);
  const quoted = s != e && <u32>load<u8>(s) == quote;
  if (quoted) { s++; e--; }
  if (isNullCell(ctx, s, e, quoted)) { settleCell(ctx, col, row, STATUS_NULL); return w; }
  if (quoted) return unescapeTo(w, s, e, quote, load<u32>(ctx, CTX_ESCAPE));
  memory.copy(w, s, e - s);
  return w + (e - s);
}

// Copies spans one after another. The inner loop calls nothing; a cell that is not plain leaves it.
export function castText(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), quote = load<u32>(ctx, CTX_QUOTE);
  const lengths = load<u64>(ctx, CTX_NULL_LENGTHS), quotedNulls = load<u32>(ctx, CTX_QUOTED_NULLS) != 0;
  const ve = i8x16.splat(<i8>load<u32>(ctx, CTX_ESCAPE));
  const emptyIsNull = load<u32>(col, COL_NULLABLE) != 0 && (lengths & 1) != 0;
  const validity = <usize>load<u32>(col, COL_VALIDITY), values = <usize>load<u32>(col, COL_VALUES), data = <usize>load<u32>(ctx, CTX_DATA);
  let out = values, w = data, row: u32 = 0, nulls: u32 = 0;
  store<u32>(out, 0);
  while (row < rows) {
    let s: usize = 0, e: usize = 0;
    while (row < rows) {
      s = <usize>load<u32>(starts) + add;
      e = <usize>load<u32>(ends);
      const n = e - s;
      if (n == 0) {
        if (emptyIsNull) {
          const v = validity + <usize>(row >> 3);
          store<u8>(v, load<u8>(v) & ~(<u8>1 << <u8>(row & 7)));
          nulls++;
        } else if (lengths & 1) break;
      } else if (<u32>load<u8>(s) != quote) {
        if ((lengths >> (n < 63 ? <u64>n : 63)) & 1) break;
        v128.store(w, v128.load(s));
        if (n > 16) {
          if (n > 256) break;
          for (let k: usize = 16; k < n; k += 16) v128.store(w + k, v128.load(s + k));
        }
        w += n;
      } else {
        if (quotedNulls || n > 258) break;
        const inner = n - 2;
        const v = v128.load(s, 1);
        v128.store(w, v);
        // The bits of escapes within the field; what lies behind it does not count.
        let escapes = <u32>i8x16.bitmask(i8x16.eq(v, ve));
        if (inner < 16) escapes &= (1 << <u32>inner) - 1;
        else {
          for (let k: usize = 16; k < inner; k += 16) {
            const x = v128.load(s + k, 1);
            v128.store(w + k, x);
            let more = <u32>i8x16.bitmask(i8x16.eq(x, ve));
            if (inner - k < 16) more &= (1 << <u32>(inner - k)) - 1;
            escapes |= more;
          }
        }
        if (escapes != 0) break;
        w += inner;
      }
      starts += stride; ends += endStride; out += 4;
      store<u32>(out, <u32>(w - data));
      row++;
    }
    if (row >= rows) break;
    w = castTextCell(ctx, col, row, s, e, w);
    starts += stride; ends += endStride; out += 4;
    store<u32>(out, <u32>(w - data));
    row++;
  }
  store<u32>(col, load<u32>(col, COL_NULLS) + nulls, COL_NULLS);
  store<u32>(col, <u32>data, COL_DATA);
  store<u32>(ctx, <u32>w, CTX_DATA);
  checkText(ctx, col, values, data, rows);
}

// Rejects the rows whose text is not UTF-8.
export function checkText(ctx: usize, col: usize, values: usize, data: usize, rows: u32): void {
  if (load<u32>(ctx, CTX_NON_ASCII) == 0 || load<u32>(col, COL_KIND) == KIND_BINARY) return;
  const all = data + <usize>load<u32>(values + (<usize>rows << 2));
  // The whole is well-formed if every part is and none is cut; so look at the parts only where it is not.
  if (isUtf8(data, all) && noPartBegins(values, data, rows, all)) return;
  for (let row: u32 = 0; row < rows; row++) {
    const at = values + (<usize>row << 2);
    if (!isUtf8(data + <usize>load<u32>(at), data + <usize>load<u32>(at, 4))) settleCell(ctx, col, row, STATUS_UTF8);
  }
}

// Whether no cell begins with a continuation byte.
function noPartBegins(values: usize, data: usize, rows: u32, all: usize): bool {
  for (let row: u32 = 0; row < rows; row++) {
    const p = data + <usize>load<u32>(values + (<usize>row << 2));
    if (p < all && (load<u8>(p) & 0xc0) == 0x80) return false;
  }
  return true;
}

// A column of the same text as an earlier one: the same buffers, its own demands.
export function castAlias(ctx: usize, col: usize, first: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), nulls = load<u32>(first, COL_NULLS), data = <usize>load<u32>(first, COL_DATA);
  const values = <usize>load<u32>(first, COL_VALUES), validity = <usize>load<u32>(first, COL_VALIDITY);
  const refuse = nulls != 0 && !load<u32>(col, COL_NULLABLE);
  const check = load<u32>(ctx, CTX_NON_ASCII) != 0 && load<u32>(col, COL_KIND) != KIND_BINARY && load<u32>(first, COL_KIND) == KIND_BINARY;
  store<u32>(col, <u32>data, COL_DATA);
  store<u32>(col, nulls, COL_NULLS);
  if (!refuse && !check) return;
  for (let row: u32 = 0; row < rows; row++) {
    const at = values + (<usize>row << 2);
    if (refuse && !((load<u8>(validity + <usize>(row >> 3)) >> <u8>(row & 7)) & 1)) rejectCell(ctx, col, row, STATUS_NULL);
    else if (check && !isUtf8(data + <usize>load<u32>(at), data + <usize>load<u32>(at, 4))) rejectCell(ctx, col, row, STATUS_UTF8);
  }
}

// Whether a cell is null; quoted ones are compared as they read.
export function isNullCell(ctx: usize, s: usize, e: usize, quoted: bool): bool {
  const n = e - s;
  if (quoted && !load<u32>(ctx, CTX_QUOTED_NULLS)) return false;
  if (((load<u64>(ctx, CTX_NULL_LENGTHS) >> (n < 63 ? <u64>n : 63)) & 1) == 0) return false;
  if (!quoted || n > SCRATCH_TEXT) return isNullText(ctx, s, e);
  const text = unescaped(ctx, s, e), start = <usize>(text >> 32);
  return isNullText(ctx, start, start + <usize>(text & 0xffffffff));
}
