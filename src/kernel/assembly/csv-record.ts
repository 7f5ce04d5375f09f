// One record, byte by byte: the exact rules, including every kind of damage. The block scan hands over whatever looks unusual.
import {
  CTX_DELIMITER, CTX_ENDS, CTX_ESCAPE, CTX_FINAL, CTX_MAX_ROW, CTX_NEWLINE, CTX_QUOTE, CTX_ROWS, CTX_SCAN_END, CTX_SCAN_FIELDS,
  CTX_TO, CTX_WIDTH, DAMAGE_STRAY_NEWLINE, DAMAGE_STRAY_QUOTE, DAMAGE_TOO_LONG, DAMAGE_TRAILING, DAMAGE_UNCLOSED,
} from './csv-layout';

export const RECORD_ROW: i32 = 0;
export const RECORD_BLANK: i32 = 1;
export const RECORD_STARVED: i32 = 2;

const LF: u32 = 10;
const CR: u32 = 13;

// First of two bytes in [p, to), or `to`. May look 15 bytes beyond.
export function findEither(p: usize, to: usize, a: u32, b: u32): usize {
  const va = i8x16.splat(<i8>a), vb = i8x16.splat(<i8>b);
  while (p < to) {
    const v = v128.load(p);
    const m = i8x16.bitmask(v128.or(i8x16.eq(v, va), i8x16.eq(v, vb)));
    if (m != 0) { const x = p + <usize>ctz(m); return x < to ? x : to; }
    p += 16;
  }
  return to;
}

// First delimiter, CR, LF or quote in [p, to), or `to`.
function findSpecial(p: usize, to: usize, delimiter: u32, quote: u32): usize {
  const vd = i8x16.splat(<i8>delimiter), vq = i8x16.splat(<i8>(quote > 255 ? delimiter : quote));
  const vl = i8x16.splat(10), vc = i8x16.splat(13);
  while (p < to) {
    const v = v128.load(p);
    const m = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, vd), i8x16.eq(v, vq)), v128.or(i8x16.eq(v, vl), i8x16.eq(v, vc))));
    if (m != 0) { const x = p + <usize>ctz(m); return x < to ? x : to; }
    p += 16;
  }
  return to;
}

// Physical line ends in [p, to).
export function countLines(ctx: usize, p: usize, to: usize): u32 {
  const end = i8x16.splat(load<u32>(ctx, CTX_NEWLINE) ? 13 : 10);
  let n: u32 = 0;
  while (p + 16 <= to) { n += <u32>popcnt(i8x16.bitmask(i8x16.eq(v128.load(p), end))); p += 16; }
  if (p < to) n += <u32>popcnt(i8x16.bitmask(i8x16.eq(v128.load(p), end)) & ((1 << <i32>(to - p)) - 1));
  return n;
}

// The byte after the first line end at or after p, or 0 where there is none in the range. A CR whose next byte is unknown counts as none.
export function lineEndAfter(ctx: usize, p: usize): usize {
  const to = <usize>load<u32>(ctx, CTX_TO);
  if (load<u32>(ctx, CTX_NEWLINE) == 0) {
    const x = findEither(p, to, LF, LF);
    return x < to ? x + 1 : 0;
  }
  const x = findEither(p, to, CR, CR);
  if (x >= to) return 0;
  if (x + 1 == to) return load<u32>(ctx, CTX_FINAL) ? to : 0;
  return load<u8>(x, 1) == LF ? x + 2 : x + 1;
}

// At a CR or LF outside quotes: length of the line end, 0 where it is a stray, -1 where the next byte decides and is not there.
// @ts-ignore: decorator
@inline
function lineEndAt(p: usize, to: usize, final: bool, cr: bool): i32 {
  const b = <u32>load<u8>(p);
  if (cr) {
    if (b == LF) return 0;
    if (p + 1 == to) return final ? 1 : -1;
    return load<u8>(p, 1) == LF ? 2 : 1;
  }
  if (b == LF) return 1;
  if (p + 1 == to) return final ? 0 : -1;
  return load<u8>(p, 1) == LF ? 2 : 0;
}

// @ts-ignore: decorator
@inline
function damage(ctx: usize, code: i32, at: usize): i32 { store<u32>(ctx, <u32>at, CTX_SCAN_END); return code; }

// Scans the record at s. RECORD_ROW: field ends stored (at most `width`; the last is the last byte of the line end, or `to`),
// CTX_SCAN_FIELDS counts all, CTX_SCAN_END is the next record. RECORD_BLANK: CTX_SCAN_END is the next record. A damage code:
// CTX_SCAN_END is where it showed.
export function scanRecord(ctx: usize, s: usize): i32 {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  const cr = load<u32>(ctx, CTX_NEWLINE) != 0, width = load<u32>(ctx, CTX_WIDTH), max = <usize>load<u32>(ctx, CTX_MAX_ROW);
  const to = <usize>load<u32>(ctx, CTX_TO), final = load<u32>(ctx, CTX_FINAL) != 0;
  const ends = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((load<u32>(ctx, CTX_ROWS) * width) << 2);
  const limit = s + max;
  const bound = limit < to ? limit : to;
  let p = s;
  let n: u32 = 0;
  let first = <u32>load<u8>(p);
  if (width > 1 && (first == LF || first == CR)) {
    const k = lineEndAt(p, to, final, cr);
    if (k < 0) return RECORD_STARVED;
    if (k > 0) { store<u32>(ctx, <u32>(p + k), CTX_SCAN_END); return RECORD_BLANK; }
  }
  for (;;) {
    let x: usize;
    if (p < bound && <u32>load<u8>(p) == quote) {
      x = p + 1;
      for (;;) {
        x = findEither(x, bound, quote, escape);
        if (x >= bound) {
          if (limit <= to || final) return damage(ctx, DAMAGE_UNCLOSED, s);
          return RECORD_STARVED;
        }
        if (<u32>load<u8>(x) == escape) {
          if (x + 1 == to) {
            if (!final) return RECORD_STARVED;
            if (escape == quote) break;
            return damage(ctx, DAMAGE_UNCLOSED, s);
          }
          if (escape != quote || <u32>load<u8>(x, 1) == quote) { x += 2; continue; }
        }
        break;
      }
      x++;
      if (x == to) {
        if (!final) return RECORD_STARVED;
        if (n < width) store<u32>(ends + <usize>(n << 2), <u32>x);
        n++;
        store<u32>(ctx, <u32>to, CTX_SCAN_END); store<u32>(ctx, n, CTX_SCAN_FIELDS);
        return RECORD_ROW;
      }
      const b = <u32>load<u8>(x);
      if (b != delimiter) {
        if (b == LF || b == CR) {
          const k = lineEndAt(x, to, final, cr);
          if (k < 0) return RECORD_STARVED;
          if (k > 0) {
            if (n < width) store<u32>(ends + <usize>(n << 2), <u32>(x + k - 1));
            n++;
            store<u32>(ctx, <u32>(x + k), CTX_SCAN_END); store<u32>(ctx, n, CTX_SCAN_FIELDS);
            return RECORD_ROW;
          }
        }
        return damage(ctx, x >= limit ? DAMAGE_TOO_LONG : DAMAGE_TRAILING, x);
      }
      if (x >= limit) return damage(ctx, DAMAGE_TOO_LONG, x);
    } else {
      x = findSpecial(p, bound, delimiter, quote);
      if (x >= bound) {
        if (bound == to) {
          if (!final) return RECORD_STARVED;
          if (n < width) store<u32>(ends + <usize>(n << 2), <u32>to);
          n++;
          store<u32>(ctx, <u32>to, CTX_SCAN_END); store<u32>(ctx, n, CTX_SCAN_FIELDS);
          return RECORD_ROW;
        }
        // The byte at the row limit exists: only a line end may stand there.
        const b = <u32>load<u8>(x);
        if (b != LF && b != CR) return damage(ctx, DAMAGE_TOO_LONG, x);
        const k = lineEndAt(x, to, final, cr);
        if (k < 0) return RECORD_STARVED;
        if (k == 0) return damage(ctx, DAMAGE_TOO_LONG, x);
        if (n < width) store<u32>(ends + <usize>(n << 2), <u32>(x + k - 1));
        n++;
        store<u32>(ctx, <u32>(x + k), CTX_SCAN_END); store<u32>(ctx, n, CTX_SCAN_FIELDS);
        return RECORD_ROW;
      }
      const b = <u32>load<u8>(x);
      if (b == quote) return damage(ctx, DAMAGE_STRAY_QUOTE, x);
      if (b != delimiter) {
        const k = lineEndAt(x, to, final, cr);
        if (k < 0) return RECORD_STARVED;
        if (k == 0) return damage(ctx, DAMAGE_STRAY_NEWLINE, x);
        if (n < width) store<u32>(ends + <usize>(n << 2), <u32>(x + k - 1));
        n++;
        store<u32>(ctx, <u32>(x + k), CTX_SCAN_END); store<u32>(ctx, n, CTX_SCAN_FIELDS);
        return RECORD_ROW;
      }
    }
    if (n < width) store<u32>(ends + <usize>(n << 2), <u32>x);
    n++;
    p = x + 1;
  }
  return RECORD_STARVED;
}
