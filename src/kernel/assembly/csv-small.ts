// Booleans and UUIDs.
import {
  COL_TABLE, COL_VALUES, CTX_NULL_LENGTHS, CTX_QUOTE, CTX_QUOTED_NULLS, CTX_ROWS, STATUS_NULL, STATUS_SYNTAX,
} from './csv-layout';
import { SCRATCH_TEXT, sameBytes, settleCell, unescaped } from './csv-cell';
import { isNullCell } from './csv-text';

// 1, 0, or -1 where [s, e) is neither spelling.
export function booleanOf(ctx: usize, table: usize, s: usize, e: usize, quoted: bool): i32 {
  if (quoted && e - s <= SCRATCH_TEXT) {
    const text = unescaped(ctx, s, e);
    s = <usize>(text >> 32);
    e = s + <usize>(text & 0xffffffff);
  }
  const n = e - s, count = load<u32>(table);
  let t = table + 4;
  for (let i: u32 = 0; i < count; i++) {
    if (<usize>load<u32>(t, 4) == n && sameBytes(<usize>load<u32>(t), s, n)) return load<i32>(t, 8);
    t += 12;
  }
  return -1;
}

export function castBoolean(ctx: usize, col: usize, starts: usize, stride: usize, add: usize, ends: usize, endStride: usize): void {
  const rows = load<u32>(ctx, CTX_ROWS), quote = load<u32>(ctx, CTX_QUOTE);
  const lengths = load<u64>(ctx, CTX_NULL_LENGTHS), quotedNulls = load<u32>(ctx, CTX_QUOTED_NULLS) != 0;
  const values = <usize>load<u32>(col, COL_VALUES), table = <usize>load<u32>(col, COL_TABLE);
  memory.fill(values, 0, <usize>(rows + 7) >> 3);
  for (let row: u32 = 0; row < rows; row++) {
    let s = <usize>load<u32>(starts) + add;
    let e = <usize>load<u32>(ends);
    starts += stride; ends += endStride;
    let n = e - s;
    const quoted = n != 0 && <u32>load<u8>(s) == quote;
    if (quoted) { s++; e--; n -= 2; }
    if (((lengths >> (n < 63 ? <u64>n : 63)) & 1) != 0 && (!quoted || quotedNulls) && isNullCell(ctx, s, e, quoted)) {
      settleCell(ctx, col, row, STATUS_NULL);
      continue;
    }
    const v = booleanOf(ctx, table, s, e, quoted);
    if (v < 0) settleCell(ctx, col, row, STATUS_SYNTAX);
    else {
      const p = values + <usize>(row >> 3);
      store<u8>(p, load<u8>(p) | (<u8>v << <u8>(row & 7)));
    }
  }
}

let hexValid: bool = true;

// 16 hexadecimal digits as 16 nibbles; clears `hexValid` where one is none.
// @ts-ignore: decorator
@inline
function nibbles(c: v128): v128 {
  const digit = i8x16.sub(c, i8x16.splat(48)), letter = i8x16.sub(v128.or(c, i8x16.splat(0x20)), i8x16.splat(97));
  const isDigit = i8x16.lt_u(digit, i8x16.splat(10)), isLetter = i8x16.lt_u(letter, i8x16.splat(6));
  if (!i8x16.all_true(v128.or(isDigit, isLetter))) hexValid = false;
  const n = v128.bitselect(digit, i8x16.add(letter, i8x16.splat(10)), isDigit);
  return v128.or(i16x8.shl(v128.and(n, i16x8.splat(0xff)), 4), i16x8.shr_u(n, 8));
}

// A UUID, hyphenated (8-4-4-4-12) or not (RFC 9562 section 4), as 16 bytes in the order of the text.
export function parseUuid(s: usize, e: usize, out: usize): i32 {
  let a: v128, b: v128;
  const n = e - s;
  if (n == 36) {
    if (load<u8>(s, 8) != 45 || load<u8>(s, 13) != 45 || load<u8>(s, 18) != 45 || load<u8>(s, 23) != 45) return STATUS_SYNTAX;
    const x = v128.load(s), y = v128.load(s, 16), z = v128.load(s, 20);
    a = i8x16.shuffle(x, y, 0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17);
    b = i8x16.shuffle(y, z, 3, 4, 5, 6, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  } else if (n == 32) {
    a = v128.load(s);
    b = v128.load(s, 16);
  } else return STATUS_SYNTAX;
  hexValid = true;
  const bytes = i8x16.narrow_i16x8_u(nibbles(a), nibbles(b));
  if (!hexValid) return STATUS_SYNTAX;
  v128.store(out, bytes);
  return 0;
}
