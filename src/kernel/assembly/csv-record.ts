// One record, byte by byte: the exact rules, including every kind of damage. The block scan hands over whatever looks unusual.
import {
  CTX_BARE_ESCAPES, CTX_DELIMITER, CTX_ENDS, CTX_ESCAPE, CTX_FINAL, CTX_MAX_ROW, CTX_NEWLINE, CTX_QUOTE, CTX_RECORD_BYTE, CTX_ROWS,
  CTX_TO, CTX_TRAILING, CTX_TRIM, CTX_WIDTH, DAMAGE_ESCAPE, DAMAGE_STRAY_NEWLINE, DAMAGE_STRAY_QUOTE, DAMAGE_TOO_FEW,
  DAMAGE_TOO_LONG, DAMAGE_TOO_MANY, DAMAGE_TRAILING, DAMAGE_UNCLOSED,
} from './csv-layout';

export const RECORD_ROW: i32 = 0;
export const RECORD_BLANK: i32 = 1;
export const RECORD_STARVED: i32 = 2;

const LF: u32 = 10;
const CR: u32 = 13;
const BACKSLASH: u32 = 92;

// Of the record scanned last. A row or a blank line: the next record. A row: parts between delimiters, the start of the last of them,
// its end (where the line end begins). Damage: where it showed, the quote opened last (0: none), the parts before.
export let recordNext: usize = 0, recordParts: u32 = 0, recordLast: usize = 0, recordContent: usize = 0;
export let recordAt: usize = 0, recordOpen: usize = 0;

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

// First of four bytes in [p, to), or `to`.
function findSpecial(p: usize, to: usize, a: u32, b: u32, c: u32, d: u32): usize {
  const va = i8x16.splat(<i8>a), vb = i8x16.splat(<i8>b), vc = i8x16.splat(<i8>c), vd = i8x16.splat(<i8>d);
  while (p < to) {
    const v = v128.load(p);
    const m = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, va), i8x16.eq(v, vb)), v128.or(i8x16.eq(v, vc), i8x16.eq(v, vd))));
    if (m != 0) { const x = p + <usize>ctz(m); return x < to ? x : to; }
    p += 16;
  }
  return to;
}

// First byte in [p, to) that is neither blank nor tab, or `to`.
export function skipBlanks(p: usize, to: usize): usize {
  while (p < to && (load<u8>(p) == 32 || load<u8>(p) == 9)) p++;
  return p;
}

// The quote that closes the field whose inside begins at x; `bound` where there is none before it. Whether the last byte known is
// doubled is for the caller to ask.
export function closingQuote(x: usize, bound: usize, to: usize, quote: u32, escape: u32): usize {
  for (;;) {
    x = findEither(x, bound, quote, escape);
    if (x >= bound) return bound;
    if (<u32>load<u8>(x) != escape) return x;
    if (x + 1 == to) return escape == quote ? x : bound;
    if (escape == quote && <u32>load<u8>(x, 1) != quote) return x;
    x += 2;
  }
  return bound;
}

// The byte that ends a physical line; in CR mode an LF after it belongs to it.
export function lineByte(ctx: usize): u32 {
  const newline = load<u32>(ctx, CTX_NEWLINE);
  return newline == 2 ? load<u32>(ctx, CTX_RECORD_BYTE) : newline == 1 ? CR : LF;
}

// Physical line ends in [p, to).
export function countLines(ctx: usize, p: usize, to: usize): u32 {
  const end = i8x16.splat(<i8>lineByte(ctx));
  let n: u32 = 0;
  while (p + 16 <= to) { n += <u32>popcnt(i8x16.bitmask(i8x16.eq(v128.load(p), end))); p += 16; }
  if (p < to) n += <u32>popcnt(i8x16.bitmask(i8x16.eq(v128.load(p), end)) & ((1 << <i32>(to - p)) - 1));
  return n;
}

// The byte after the first line end at or after p, or 0 where there is none in the range. A CR whose next byte is unknown counts as none.
export function lineEndAfter(ctx: usize, p: usize): usize {
  const to = <usize>load<u32>(ctx, CTX_TO), byte = lineByte(ctx);
  const x = findEither(p, to, byte, byte);
  return x < to ? afterLineByte(ctx, x, to) : 0;
}

// The byte after the line end at x, or 0 where it is not known.
function afterLineByte(ctx: usize, x: usize, to: usize): usize {
  if (load<u32>(ctx, CTX_NEWLINE) != 1) return x + 1;
  if (x + 1 == to) return load<u32>(ctx, CTX_FINAL) ? to : 0;
  return load<u8>(x, 1) == LF ? x + 2 : x + 1;
}

// As lineEndAfter, but a line end after a backslash is none. Where there is none, `recordNext` is the last place that is not half an
// escape or line end.
export function bareLineEndAfter(ctx: usize, p: usize): usize {
  const to = <usize>load<u32>(ctx, CTX_TO), byte = lineByte(ctx), final = load<u32>(ctx, CTX_FINAL) != 0;
  for (;;) {
    const x = findEither(p, to, byte, BACKSLASH);
    if (x >= to) { recordNext = to; return 0; }
    if (<u32>load<u8>(x) != BACKSLASH) {
      const end = afterLineByte(ctx, x, to);
      recordNext = x;
      return end;
    }
    p = afterEscape(ctx, x, to, final);
    if (p == 0) { recordNext = final ? to : x; return 0; }
  }
  return 0;
}

// The byte after the backslash escape at x, or 0 where it does not end in the range. A CRLF is escaped as a whole.
function afterEscape(ctx: usize, x: usize, to: usize, final: bool): usize {
  if (x + 1 >= to) return 0;
  if (load<u8>(x, 1) != CR || load<u32>(ctx, CTX_NEWLINE) == 2) return x + 2;
  if (x + 2 == to) return final ? to : 0;
  return load<u8>(x, 2) == LF ? x + 3 : x + 2;
}

// At a CR or LF (or the byte that ends records) outside quotes: length of the line end, 0 where it is a stray, -1 where the next byte
// decides and is not there.
// @ts-ignore: decorator
@inline
function lineEndAt(p: usize, to: usize, final: bool, newline: u32): i32 {
  if (newline == 2) return 1;
  const b = <u32>load<u8>(p);
  if (newline) {
    if (b == LF) return 0;
    if (p + 1 == to) return final ? 1 : -1;
    return load<u8>(p, 1) == LF ? 2 : 1;
  }
  if (b == LF) return 1;
  if (p + 1 == to) return final ? 0 : -1;
  return load<u8>(p, 1) == LF ? 2 : 0;
}

// What follows a closing quote, from p on: 1 where it may (a delimiter, a line end, the end of the input; blanks before it where they are
// trimmed), 0 where it may not, -1 where that is not known.
export function endsField(ctx: usize, p: usize): i32 {
  const to = <usize>load<u32>(ctx, CTX_TO), final = load<u32>(ctx, CTX_FINAL) != 0, newline = load<u32>(ctx, CTX_NEWLINE);
  if (load<u32>(ctx, CTX_TRIM)) p = skipBlanks(p, to);
  if (p >= to) return final ? 1 : -1;
  const b = <u32>load<u8>(p);
  if (b == load<u32>(ctx, CTX_DELIMITER)) return 1;
  if (newline == 2) return b == load<u32>(ctx, CTX_RECORD_BYTE) ? 1 : 0;
  if (b != LF && b != CR) return 0;
  const k = lineEndAt(p, to, final, newline);
  return k > 1 ? 1 : k;
}

// @ts-ignore: decorator
@inline
function damage(code: i32, at: usize, n: u32): i32 { recordAt = at; recordParts = n; return code; }

// @ts-ignore: decorator
@inline
function row(n: u32, width: u32, ends: usize, content: usize, next: usize): i32 {
  if (n < width) store<u32>(ends + <usize>(n << 2), <u32>content);
  recordParts = n + 1;
  recordContent = content;
  recordNext = next;
  return RECORD_ROW;
}

// Scans the record at s. RECORD_ROW: the ends of its parts are stored, at most `width`. RECORD_BLANK: a line with nothing in it.
// A damage code: `recordAt` is where it showed.
export function scanRecord(ctx: usize, s: usize): i32 {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  const newline = load<u32>(ctx, CTX_NEWLINE), width = load<u32>(ctx, CTX_WIDTH), max = <usize>load<u32>(ctx, CTX_MAX_ROW);
  const to = <usize>load<u32>(ctx, CTX_TO), final = load<u32>(ctx, CTX_FINAL) != 0;
  const trim = load<u32>(ctx, CTX_TRIM) != 0, bare = load<u32>(ctx, CTX_BARE_ESCAPES) != 0;
  const ends = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((load<u32>(ctx, CTX_ROWS) * width) << 2);
  const end1 = newline == 2 ? load<u32>(ctx, CTX_RECORD_BYTE) : LF, end2 = newline == 2 ? end1 : CR;
  const special = bare ? BACKSLASH : quote > 255 ? delimiter : quote;
  const limit = s + max;
  const bound = limit < to ? limit : to;
  let p = s;
  let n: u32 = 0;
  recordOpen = 0;
  if (width + load<u32>(ctx, CTX_TRAILING) > 1) {
    const f = trim ? skipBlanks(s, bound) : s;
    if (f >= to) {
      if (!final) return RECORD_STARVED;
      recordNext = to;
      return RECORD_BLANK;
    }
    const b = <u32>load<u8>(f);
    if (b == end1 || b == end2) {
      const k = lineEndAt(f, to, final, newline);
      if (k < 0) return RECORD_STARVED;
      if (k > 0) { recordNext = f + k; return RECORD_BLANK; }
    }
  }
  for (;;) {
    let x: usize;
    recordLast = p;
    const q = trim ? skipBlanks(p, bound) : p;
    if (q < bound && <u32>load<u8>(q) == quote) {
      recordOpen = q;
      x = closingQuote(q + 1, bound, to, quote, escape);
      if (x >= bound) {
        if (limit <= to || final) return damage(DAMAGE_UNCLOSED, q, n);
        return RECORD_STARVED;
      }
      x++;
      if (trim) x = skipBlanks(x, bound);
      if (x >= to) {
        if (!final) return RECORD_STARVED;
        return row(n, width, ends, to, to);
      }
      const b = <u32>load<u8>(x);
      if (b != delimiter) {
        if (b == end1 || b == end2) {
          const k = lineEndAt(x, to, final, newline);
          if (k < 0) return RECORD_STARVED;
          if (k > 0) return row(n, width, ends, x, x + k);
        }
        return damage(x >= limit ? DAMAGE_TOO_LONG : DAMAGE_TRAILING, x, n);
      }
      if (x >= limit) return damage(DAMAGE_TOO_LONG, x, n);
    } else {
      x = findSpecial(p, bound, delimiter, special, end1, end2);
      while (bare && x < bound && <u32>load<u8>(x) == BACKSLASH) {
        const after = afterEscape(ctx, x, to, final);
        if (after == 0) return final ? damage(DAMAGE_ESCAPE, x, n) : RECORD_STARVED;
        x = after < bound ? findSpecial(after, bound, delimiter, special, end1, end2) : after;
      }
      if (x >= bound) {
        // An escape may reach beyond the row limit.
        if (x > limit) return damage(DAMAGE_TOO_LONG, x, n);
        if (bound == to) {
          if (!final) return RECORD_STARVED;
          return row(n, width, ends, to, to);
        }
        // The byte at the row limit exists: only a line end may stand there.
        const b = <u32>load<u8>(x);
        if (b != end1 && b != end2) return damage(DAMAGE_TOO_LONG, x, n);
        const k = lineEndAt(x, to, final, newline);
        if (k < 0) return RECORD_STARVED;
        if (k == 0) return damage(DAMAGE_TOO_LONG, x, n);
        return row(n, width, ends, x, x + k);
      }
      const b = <u32>load<u8>(x);
      if (b == quote) return damage(DAMAGE_STRAY_QUOTE, x, n);
      if (b != delimiter) {
        const k = lineEndAt(x, to, final, newline);
        if (k < 0) return RECORD_STARVED;
        if (k == 0) return damage(DAMAGE_STRAY_NEWLINE, x, n);
        return row(n, width, ends, x, x + k);
      }
    }
    if (n < width) store<u32>(ends + <usize>(n << 2), <u32>x);
    n++;
    p = x + 1;
  }
  return RECORD_STARVED;
}

// Fields that the last record asked about has: a trailing delimiter does not count.
export let widthFields: u32 = 0;

// Whether a record of `parts` between delimiters, the last of them from `last` to `content`, is as wide as it should be: 0, or its damage.
export function widthDamage(ctx: usize, parts: u32, last: usize, content: usize): i32 {
  const width = load<u32>(ctx, CTX_WIDTH);
  widthFields = parts;
  if (!load<u32>(ctx, CTX_TRAILING)) return parts == width ? 0 : parts < width ? DAMAGE_TOO_FEW : DAMAGE_TOO_MANY;
  const closed = parts > 1 && (load<u32>(ctx, CTX_TRIM) ? skipBlanks(last, content) : last) >= content;
  if (closed) {
    widthFields--;
    if (widthFields == width) return 0;
  }
  return widthFields <= width ? DAMAGE_TOO_FEW : DAMAGE_TOO_MANY;
}
