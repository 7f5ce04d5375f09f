// How far the damage of a record with quotes reaches: which quote was the wrong one, and whether a later field is still open where the
// line ends. All of it is decided by the bytes from the record's start to two rows of the greatest length on.
import {
  CTX_DELIMITER, CTX_ESCAPE, CTX_FINAL, CTX_MAX_ROW, CTX_NEWLINE, CTX_QUOTE, CTX_TO, CTX_TRIM, DAMAGE_ESCAPE, DAMAGE_TOO_LONG,
  DAMAGE_TRAILING, DAMAGE_UNCLOSED,
} from './csv-layout';
import {
  RECORD_BLANK, RECORD_ROW, RECORD_STARVED, closingQuote, endsField, findEither, lineByte, recordContent, recordLast, recordOpen, recordParts,
  scanRecord, skipBlanks, widthDamage,
} from './csv-record';

// The damage, and a place in the last physical line that it takes along.
export let settledCode: i32 = 0, settledAt: usize = 0;

// Of a record that starts at the physical line from `line` on: 1 where it is whole and as wide as it should be, -1 where that is not known.
function isWhole(ctx: usize, line: usize): i32 {
  const kind = scanRecord(ctx, line);
  if (kind == RECORD_STARVED) return -1;
  return kind == RECORD_ROW && widthDamage(ctx, recordParts, recordLast, recordContent) == 0 ? 1 : 0;
}

// The byte after the physical line byte at x.
// @ts-ignore: decorator
@inline
function afterLine(ctx: usize, x: usize, to: usize): usize {
  return load<u32>(ctx, CTX_NEWLINE) == 1 && x + 1 < to && load<u8>(x, 1) == 10 ? x + 2 : x + 1;
}

// Where the physical line of p begins, not before s.
function lineStart(ctx: usize, s: usize, p: usize, byte: u32): usize {
  for (let x = p; x > s; ) {
    x--;
    if (<u32>load<u8>(x) != byte) continue;
    const after = afterLine(ctx, x, p);
    return after < p ? after : p;
  }
  return s;
}

// Whether a field could begin at p: after a delimiter or a line end, and blanks where they are trimmed.
function startsField(ctx: usize, s: usize, p: usize): bool {
  if (load<u32>(ctx, CTX_TRIM)) while (p > s && (load<u8>(p - 1) == 32 || load<u8>(p - 1) == 9)) p--;
  if (p == s) return true;
  const b = <u32>load<u8>(p - 1);
  if (b == load<u32>(ctx, CTX_DELIMITER)) return true;
  return load<u32>(ctx, CTX_NEWLINE) == 2 ? b == lineByte(ctx) : b == 10 || b == 13;
}

// The opening quote of the field of the record at s in which the line end before `line` stands.
function openAcross(ctx: usize, s: usize, line: usize): usize {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  const to = <usize>load<u32>(ctx, CTX_TO), trim = load<u32>(ctx, CTX_TRIM) != 0;
  let p = s;
  while (p < line) {
    let q = trim ? skipBlanks(p, line) : p;
    if (q < line && <u32>load<u8>(q) == quote) {
      p = closingQuote(q + 1, line, to, quote, escape);
      if (p >= line) return q;
    }
    p = findEither(p, line, delimiter, delimiter) + 1;
  }
  return s;
}

// Whether a record is whole that has `before` parts and one that the quote at c closes: 1, 0, or -1 where that is not known. Where it
// is, `settledAt` is its end.
function isWholeAfter(ctx: usize, before: u32, c: usize): i32 {
  const to = <usize>load<u32>(ctx, CTX_TO);
  let p = c + 1, last = c, parts = before + 1;
  if (load<u32>(ctx, CTX_TRIM)) p = skipBlanks(p, to);
  let content = p;
  if (p < to && <u32>load<u8>(p) == load<u32>(ctx, CTX_DELIMITER)) {
    last = content = p + 1;
    parts++;
    if (content == to) { if (!load<u32>(ctx, CTX_FINAL)) return -1; }
    else {
      const kind = scanRecord(ctx, content);
      if (kind == RECORD_STARVED) return -1;
      if (kind == RECORD_ROW) {
        parts += recordParts - 1;
        last = recordLast;
        content = recordContent;
      } else if (kind != RECORD_BLANK) return 0;
    }
  }
  if (widthDamage(ctx, parts, last, content) != 0) return 0;
  settledAt = content;
  return 1;
}

// Whether the field that text behind a closing quote damaged goes on after its line, which ends before q: the first quote that may
// close it does, if the record is whole then. False where the bytes do not tell yet.
function settleOpen(ctx: usize, q: usize, bound: usize, known: bool, before: u32): bool {
  const quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE), to = <usize>load<u32>(ctx, CTX_TO);
  let c = q;
  for (;;) {
    c = findEither(c, bound, quote, escape);
    if (c >= bound) return known;
    if (<u32>load<u8>(c) != quote) { c += 2; continue; }
    // Who doubles quotes would have doubled the one before; and a quote where a field begins opens it.
    if (c + 1 < to && <u32>load<u8>(c, 1) == quote) return true;
    const ends = endsField(ctx, c + 1);
    if (ends < 0) return false;
    if (ends > 0) break;
    if (startsField(ctx, q, c)) return true;
    c++;
  }
  const whole = isWhole(ctx, lineStart(ctx, q, c, lineByte(ctx)));
  if (whole != 0) return whole > 0;
  return isWholeAfter(ctx, before, c) >= 0;
}

// Finds out what the damage `code` of the record at s, which showed at `at`, takes along. False where the bytes do not tell yet.
export function settleDamage(ctx: usize, s: usize, code: i32, at: usize): bool {
  settledCode = code;
  settledAt = at;
  const before = recordParts;
  const quote = load<u32>(ctx, CTX_QUOTE);
  if (quote > 255 || code == DAMAGE_TOO_LONG || code == DAMAGE_ESCAPE) return true;
  const byte = lineByte(ctx), line = recordOpen == 0 ? s : lineStart(ctx, s, at, byte);
  if (line > s) {
    // A line that is a row when it is read alone was not meant to stand inside quotes.
    const whole = isWhole(ctx, line);
    if (whole < 0) return false;
    if (whole) {
      settledCode = DAMAGE_UNCLOSED;
      settledAt = openAcross(ctx, s, line);
      return true;
    }
  }
  if (code == DAMAGE_UNCLOSED) return true;

  const delimiter = load<u32>(ctx, CTX_DELIMITER), escape = load<u32>(ctx, CTX_ESCAPE), trim = load<u32>(ctx, CTX_TRIM) != 0;
  const to = <usize>load<u32>(ctx, CTX_TO), limit = s + <usize>load<u32>(ctx, CTX_MAX_ROW);
  const bound = limit < to ? limit : to, known = limit <= to || load<u32>(ctx, CTX_FINAL) != 0;
  let p = at;
  if (code != DAMAGE_TRAILING) {
    // Most often no other quote stands in the line.
    const end = findEither(at, bound, byte, byte);
    if (end < bound && findEither(at + 1, end, quote, quote) >= end) return true;
  }
  for (;;) {
    // What is left of a field means nothing.
    const x = findEither(p, bound, delimiter, byte);
    if (x >= bound) return known;
    if (<u32>load<u8>(x) == byte) {
      return code != DAMAGE_TRAILING || settledAt != at || settleOpen(ctx, afterLine(ctx, x, to), bound, known, before);
    }
    p = x + 1;
    const q = trim ? skipBlanks(p, bound) : p;
    if (q >= bound || <u32>load<u8>(q) != quote) continue;
    const c = closingQuote(q + 1, bound, to, quote, escape);
    // A quote that is never closed was no quote.
    if (c >= bound) return known;
    p = c + 1;
    if (findEither(q + 1, c, byte, byte) >= c) continue;
    // A field that ends on a later line, if that is what it does.
    const ends = endsField(ctx, c + 1);
    if (ends <= 0) return ends == 0;
    const whole = isWhole(ctx, lineStart(ctx, q, c, byte));
    if (whole != 0) return whole > 0;
    settledAt = p;
  }
  return true;
}
