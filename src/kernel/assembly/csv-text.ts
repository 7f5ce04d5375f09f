// Text and binary columns: spans → offsets and data.
import {
  COL_DATA, COL_KIND, COL_NULLABLE, COL_NULLS, COL_VALIDITY, COL_VALUES, CTX_DATA, CTX_ESCAPE, CTX_NON_ASCII, CTX_NULL_LENGTHS, CTX_QUOTE, CTX_QUOTED_NULLS,
  CTX_ROWS, KIND_BINARY, STATUS_NULL, STATUS_UTF8,
} from './csv-layout';
import { SCRATCH_TEXT, isNullText, rejectCell, settleCell, unescapeTo, unescaped } from './csv-cell';

// Whether [s, e) is well-formed UTF-8 (Unicode 15, table 3-7).
export function isUtf8(s: usize, e: usize): bool {
  while (s < e) {
    if (s + 16 <= e) {
      if (!v128.any_true(v128.and(v128.load(s), i8x16.splat(-128)))) { s += 16; continue; }
    }
    const b = <u32>load<u8>(s);
    if (b < 0x80) { s++; continue; }
    if (b < 0xc2 || b > 0xf4) return false;
    const n: usize = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    if (s + n > e) return false;
    const c = <u32>load<u8>(s, 1);
    const low: u32 = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80, high: u32 = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    if (c < low || c > high) return false;
    if (n > 2 && (load<u8>(s, 2) & 0xc0) != 0x80) return false;
    if (n > 3 && (load<u8>(s, 3) & 0xc0) != 0x80) return false;
    s += n;
  }
  return true;
}

export function castText(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  const lengths = load<u64>(ctx, CTX_NULL_LENGTHS), quotedNulls = load<u32>(ctx, CTX_QUOTED_NULLS) != 0;
  const check = load<u32>(ctx, CTX_NON_ASCII) != 0 && load<u32>(col, COL_KIND) != KIND_BINARY;
  const ve = i8x16.splat(<i8>escape);
  const data = <usize>load<u32>(ctx, CTX_DATA);
  let out = <usize>load<u32>(col, COL_VALUES), w = data;
  store<u32>(out, 0);
  for (let row: u32 = 0; row < rows; row++) {
    let s = <usize>load<u32>(starts) + add;
    let e = <usize>load<u32>(ends);
    starts += stride; ends += endStride; out += 4;
    let n = e - s;
    const quoted = n != 0 && <u32>load<u8>(s) == quote;
    if (quoted) { s++; e--; n -= 2; }
    if (((lengths >> (n < 63 ? <u64>n : 63)) & 1) != 0 && (!quoted || quotedNulls)) {
      if (isNullCell(ctx, s, e, quoted)) {
        store<u32>(out, <u32>(w - data));
        settleCell(ctx, col, row, STATUS_NULL);
        continue;
      }
    } 
    const first = w;
    if (!quoted) {
      if (n <= 16) v128.store(w, v128.load(s));
      else if (n <= 32) { v128.store(w, v128.load(s)); v128.store(w, v128.load(s, 16), 16); }
      else memory.copy(w, s, n);
      w += n;
    } else {
      const v = v128.load(s);
      v128.store(w, v);
      if (n <= 16 && (<u32>i8x16.bitmask(i8x16.eq(v, ve)) & ((1 << <u32>n) - 1)) == 0) w += n;
      else w = unescapeTo(w, s, e, quote, escape);
    }
    store<u32>(out, <u32>(w - data));
    if (check && !isUtf8(first, w)) settleCell(ctx, col, row, STATUS_UTF8);
  }
  store<u32>(col, <u32>data, COL_DATA);
  store<u32>(ctx, <u32>w, CTX_DATA);
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

// Null by text: quoted fields are compared as they read.
export function isNullCell(ctx: usize, s: usize, e: usize, quoted: bool): bool {
  if (!quoted || e - s > SCRATCH_TEXT) return isNullText(ctx, s, e);
  const text = unescaped(ctx, s, e), start = <usize>(text >> 32);
  return isNullText(ctx, start, start + <usize>(text & 0xffffffff));
}
