// Backslash escapes in fields without quotes, as databases write them: those that PostgreSQL, MySQL and ClickHouse read alike.
import { CTX_DELIMITER, CTX_NEWLINE, CTX_RECORD_BYTE } from './csv-layout';

const BACKSLASH: u32 = 92;

// What stands for itself, or for a control character, after a backslash; 256 where it means nothing, or not the same to everybody.
function escapedByte(ctx: usize, p: usize, e: usize): u32 {
  const b = <u32>load<u8>(p);
  if (b == 92 || b == 39 || b == 34 || b == 10 || b == 13 || b == load<u32>(ctx, CTX_DELIMITER)) return b;
  if (load<u32>(ctx, CTX_NEWLINE) == 2 && b == load<u32>(ctx, CTX_RECORD_BYTE)) return b;
  switch (b) {
    case 98: return 8;
    case 116: return 9;
    case 110: return 10;
    case 118: return 11;
    case 102: return 12;
    case 114: return 13;
    // More octal digits would be one byte to PostgreSQL, a NUL and text to others.
    case 48: return p + 1 < e && <u32>load<u8>(p, 1) - 48 <= 7 ? 256 : 0;
    default: return 256;
  }
}

// Copies [s, e) without its escapes; returns the end of the copy, or 0 where an escape means nothing.
export function decodeTo(ctx: usize, w: usize, s: usize, e: usize): usize {
  const vb = i8x16.splat(<i8>BACKSLASH);
  while (s < e) {
    // A store may run past, and is overwritten or lies in padding.
    const v = v128.load(s);
    v128.store(w, v);
    const left = e - s;
    const m = <u32>i8x16.bitmask(i8x16.eq(v, vb));
    const k = m != 0 ? <usize>ctz(m) : 16;
    if (k >= left) return w + left;
    w += k; s += k;
    if (k == 16) continue;
    s++;
    const b = s < e ? escapedByte(ctx, s, e) : 256;
    if (b > 255) return 0;
    store<u8>(w, <u8>b);
    w++; s++;
  }
  return w;
}
