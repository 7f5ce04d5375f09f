// Bytes → field index: clean stretches 64 bytes at a time, whatever looks unusual one record at a time.
import {
  CTX_BARE_ESCAPES, CTX_BLANK_BYTES, CTX_COMMENT, CTX_COMMENT_BYTES, CTX_DELIMITER, CTX_ENDS, CTX_FINAL, CTX_FROM, CTX_HEADER,
  CTX_HEADER_BYTES, CTX_HEADER_LENGTH, CTX_HEADER_SKIP, CTX_LIMIT, CTX_LINES, CTX_MAX_ROW, CTX_NEWLINE, CTX_NEXT, CTX_NON_ASCII,
  CTX_REJECTS, CTX_REJECT_BYTES, CTX_REJECT_CAP, CTX_REJECT_COUNT, CTX_ROWS, CTX_ROW_BYTES, CTX_ROW_CAP, CTX_ROW_END, CTX_ROW_LINE,
  CTX_ROW_START, CTX_SKIPPING, CTX_STOP, CTX_TEXT, CTX_TO, CTX_TRAILING, CTX_TRIM, CTX_WIDTH, DAMAGE_HEADER, DAMAGE_MARK,
  REJECT_CODE, REJECT_COLUMN, REJECT_COUNT, REJECT_FLAGS, REJECT_LENGTH, REJECT_LINE, REJECT_OFFSET, REJECT_ROW, REJECT_SIZE,
  STOP_END, STOP_FULL, STOP_LIMIT, STOP_STARVED,
} from './csv-layout';
import { runInner, runLines, runOut, scanRunOf } from './csv-block';
import { sameBytes } from './csv-cell';
import { settleDamage, settledAt, settledCode } from './csv-damage';
import {
  RECORD_BLANK, RECORD_ROW, RECORD_STARVED, bareLineEndAfter, countLines, lineByte, lineEndAfter, recordAt, recordContent, recordLast,
  recordNext, recordParts, scanRecord, skipBlanks, widthDamage, widthFields,
} from './csv-record';

// What CTX_SKIPPING is inside of.
const IN_REJECT: u32 = 1;
const IN_COMMENT: u32 = 2;

// The byte order mark, in the low bytes of a u32.
const MARK: u32 = 0xbfbbef;

// @ts-ignore: decorator
@inline
function bump(ctx: usize, slot: usize, by: u32): void { store<u32>(ctx + slot, load<u32>(ctx + slot) + by); }

// Writes a reject of the whole row.
function rejectSpan(ctx: usize, start: usize, end: usize, code: i32, count: u32, flags: u32): void {
  const i = load<u32>(ctx, CTX_REJECT_COUNT);
  const r = <usize>load<u32>(ctx, CTX_REJECTS) + <usize>i * REJECT_SIZE;
  store<u32>(r, <u32>start, REJECT_OFFSET);
  store<u32>(r, <u32>(end - start), REJECT_LENGTH);
  store<u32>(r, load<u32>(ctx, CTX_LINES), REJECT_LINE);
  store<u32>(r, 0xffffffff, REJECT_COLUMN);
  store<u32>(r, <u32>code, REJECT_CODE);
  store<u32>(r, count, REJECT_COUNT);
  store<u32>(r, flags, REJECT_FLAGS);
  store<u32>(r, 0xffffffff, REJECT_ROW);
  store<u32>(ctx, i + 1, CTX_REJECT_COUNT);
  bump(ctx, CTX_REJECT_BYTES, <u32>(end - start));
  bump(ctx, CTX_LINES, countLines(ctx, start, end));
}

// Rejects from `start` to the end of the physical line of `at`, which may be beyond the range; returns where reading resumes. Where
// backslashes escape line ends, the line goes on after such a one.
function rejectToLineEnd(ctx: usize, start: usize, at: usize, code: i32, flags: u32): usize {
  const bare = load<u32>(ctx, CTX_BARE_ESCAPES) != 0;
  let end = bare ? bareLineEndAfter(ctx, at) : lineEndAfter(ctx, at);
  if (end == 0) {
    if (!load<u32>(ctx, CTX_FINAL)) flags |= 1;
    end = bare ? recordNext : rangeEnd(ctx);
  }
  store<u32>(ctx, flags & 1 ? IN_REJECT : 0, CTX_SKIPPING);
  if (end > start) rejectSpan(ctx, start, end, code, 0, flags);
  return end;
}

// The end of the range; a CR whose next byte is unknown stays for the next call.
function rangeEnd(ctx: usize): usize {
  const to = <usize>load<u32>(ctx, CTX_TO);
  return !load<u32>(ctx, CTX_FINAL) && load<u32>(ctx, CTX_NEWLINE) == 1 && load<u8>(to - 1) == 13 ? to - 1 : to;
}

// Skips a comment from p, or what is left of it, to the end of its physical line; returns where reading resumes.
function skipComment(ctx: usize, p: usize): usize {
  let end = lineEndAfter(ctx, p);
  store<u32>(ctx, end == 0 && !load<u32>(ctx, CTX_FINAL) ? IN_COMMENT : 0, CTX_SKIPPING);
  if (end == 0) end = rangeEnd(ctx);
  bump(ctx, CTX_COMMENT_BYTES, <u32>(end - p));
  bump(ctx, CTX_LINES, countLines(ctx, p, end));
  return end;
}

// A record that is the header once more.
function passHeader(ctx: usize, p: usize, end: usize): void {
  if (!load<u32>(ctx, CTX_HEADER_SKIP)) { rejectSpan(ctx, p, end, DAMAGE_HEADER, 0, 0); return; }
  bump(ctx, CTX_HEADER_BYTES, <u32>(end - p));
  bump(ctx, CTX_LINES, countLines(ctx, p, end));
}

// Bytes indexed before rows are made of their entries, so that both are still in the first-level cache.
const RUN_BYTES: usize = 16384;

// Indexes clean rows from the record start p on; stops before the first record that is not clean, and returns its start.
function scanBlocks(ctx: usize, p: usize, soft: usize): usize {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), width = load<u32>(ctx, CTX_WIDTH), rowCap = load<u32>(ctx, CTX_ROW_CAP);
  scanRunOf(ctx, p, soft);
  const newlines = runLines, inner = runInner, ends = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((load<u32>(ctx, CTX_ROWS) * width) << 2);
  let out = runOut;
  if (newlines == 0) return p;

  // Rows from entries: cut at the last line end, then each row must have exactly `parts` entries, the last one a line end.
  while (out > ends && <u32>load<u8>(<usize>load<u32>(out - 4)) == delimiter) out -= 4;
  const trailing = load<u32>(ctx, CTX_TRAILING) != 0, trim = load<u32>(ctx, CTX_TRIM) != 0, parts = width + u32(trailing);
  const stride = <usize>width << 2, step = <usize>parts << 2, tail = step - 4, rowTail = stride - 4;
  // The number of line ends is that of the rows, so if every row's last entry is one, no other entry is. All are looked at before any
  // is taken: two short rows and a long one have the right number too.
  let regular = <u32>((out - ends) >> 2) == newlines * parts;
  if (regular) {
    for (let last = ends + tail; last < out; last += step) {
      if (<u32>load<u8>(<usize>load<u32>(last)) == delimiter) { regular = false; break; }
    }
  }
  const header = <usize>load<u32>(ctx, CTX_HEADER_LENGTH), marks = load<u32>(ctx, CTX_NON_ASCII) != 0;
  const max = <usize>load<u32>(ctx, CTX_MAX_ROW), limit = <usize>load<u32>(ctx, CTX_LIMIT), rejectCap = load<u32>(ctx, CTX_REJECT_CAP);
  const rowStart = <usize>load<u32>(ctx, CTX_ROW_START), rowEnd = <usize>load<u32>(ctx, CTX_ROW_END), rowLine = <usize>load<u32>(ctx, CTX_ROW_LINE);
  let row = <usize>load<u32>(ctx, CTX_ROWS), line = load<u32>(ctx, CTX_LINES), rowBytes = load<u32>(ctx, CTX_ROW_BYTES);
  let q = ends, w = ends, start = p;
  if (regular && !trailing && !inner) {
    // Rows of which nothing is asked but their length.
    while (q < out && <u32>row < rowCap && start < limit) {
      const e = <usize>load<u32>(q + tail);
      const content = e - <usize>(load<u8>(e) == 10 && load<u8>(e - 1) == 13 && e > start);
      if (content - start > max || content - start == header) break;
      if (marks && (load<u32>(start) & 0xffffff) == MARK) break;
      store<u32>(q + tail, <u32>content);
      const at = row << 2;
      store<u32>(rowStart + at, <u32>start);
      store<u32>(rowEnd + at, <u32>e + 1);
      store<u32>(rowLine + at, line);
      line++;
      row++;
      q += stride;
      start = e + 1;
    }
    rowBytes += <u32>(start - p);
    w = q;
  }
  while (q < out && <u32>row < rowCap && start < limit) {
    let fields: u32 = parts, e: usize;
    if (regular) {
      e = <usize>load<u32>(q + tail);
    } else {
      fields = 0;
      do { e = <usize>load<u32>(q + <usize>(fields << 2)); fields++; } while (<u32>load<u8>(e) == delimiter);
    }
    const content = e - <usize>(load<u8>(e) == 10 && load<u8>(e - 1) == 13 && e > start);
    if (content - start > max) break;
    const marked = marks && (load<u32>(start) & 0xffffff) == MARK, from = marked ? start + 3 : start;
    if (marked && <u32>load<u8>(from) == load<u32>(ctx, CTX_COMMENT)) break;
    const again = content - from == header && sameBytes(from, <usize>load<u32>(ctx, CTX_HEADER), header);
    if (again || marked || fields != parts || trailing) {
      const last = fields > 1 ? <usize>load<u32>(q + <usize>((fields - 2) << 2)) + 1 : start;
      const damage = again ? 0 : marked ? DAMAGE_MARK : widthDamage(ctx, fields, last, content);
      if (again || damage != 0) {
        // Nothing but blanks is a blank line where they are trimmed.
        if (load<u32>(ctx, CTX_REJECT_COUNT) >= rejectCap || (trim && fields == 1 && skipBlanks(start, content) == content)) break;
        store<u32>(ctx, line, CTX_LINES);
        if (again) passHeader(ctx, start, e + 1);
        else rejectSpan(ctx, start, e + 1, damage, widthFields, 0);
        line = load<u32>(ctx, CTX_LINES);
        q += <usize>(fields << 2);
        start = e + 1;
        continue;
      }
    }
    if (w != q) memory.copy(w, q, stride);
    if (!trailing) store<u32>(w + rowTail, <u32>content);
    const at = row << 2;
    store<u32>(rowStart + at, <u32>start);
    store<u32>(rowEnd + at, <u32>e + 1);
    store<u32>(rowLine + at, line);
    line += inner ? countLines(ctx, start, e + 1) : 1;
    rowBytes += <u32>(e + 1 - start);
    row++;
    w += stride;
    q += <usize>(fields << 2);
    start = e + 1;
  }
  store<u32>(ctx, <u32>row, CTX_ROWS);
  store<u32>(ctx, line, CTX_LINES);
  store<u32>(ctx, rowBytes, CTX_ROW_BYTES);
  return start;
}

// A blank line from p to `end`, and those that follow it; returns the end of the last.
function skipBlank(ctx: usize, p: usize, end: usize): usize {
  const to = <usize>load<u32>(ctx, CTX_TO), limit = <usize>load<u32>(ctx, CTX_LIMIT), byte = lineByte(ctx);
  const newline = load<u32>(ctx, CTX_NEWLINE), cr = newline == 1;
  const stop = limit < to ? limit : to, same = i8x16.splat(<i8>byte);
  let lines = countLines(ctx, p, end);
  while (end < stop) {
    // The byte after the last decides what a CR is, so it must be there.
    if (end + 17 <= stop && i8x16.all_true(i8x16.eq(v128.load(end), same)) && (!cr || load<u8>(end, 16) != 10)) {
      end += 16;
      lines += 16;
      continue;
    }
    const b = <u32>load<u8>(end), pair = newline != 2 && b == 13 && end + 1 < to && load<u8>(end, 1) == 10;
    if (pair) end += 2;
    else if (b == byte && (!cr || end + 1 < to)) end++;
    else break;
    lines++;
  }
  bump(ctx, CTX_BLANK_BYTES, <u32>(end - p));
  bump(ctx, CTX_LINES, lines);
  return end;
}

// One record by the exact rules; returns the next record's start, or 0 where it does not end in the range.
function scanOne(ctx: usize, p: usize): usize {
  const to = <usize>load<u32>(ctx, CTX_TO);
  const marked = p + 3 <= to && (load<u32>(p) & 0xffffff) == MARK, s = marked ? p + 3 : p;
  if (s < to && <u32>load<u8>(s) == load<u32>(ctx, CTX_COMMENT)) return skipComment(ctx, p);
  if (s == to) {
    if (!load<u32>(ctx, CTX_FINAL)) return 0;
    rejectSpan(ctx, p, to, DAMAGE_MARK, 0, 0);
    return to;
  }
  const kind = scanRecord(ctx, s);
  if (kind == RECORD_STARVED) return 0;
  if (kind == RECORD_BLANK && !marked) return skipBlank(ctx, p, recordNext);
  if (kind != RECORD_ROW && kind != RECORD_BLANK) {
    return settleDamage(ctx, s, kind, recordAt) ? rejectToLineEnd(ctx, p, settledAt, settledCode, 0) : 0;
  }
  const end = recordNext, length = <usize>load<u32>(ctx, CTX_HEADER_LENGTH);
  if (kind == RECORD_ROW && recordContent - s == length && sameBytes(s, <usize>load<u32>(ctx, CTX_HEADER), length)) {
    passHeader(ctx, p, end);
    return end;
  }
  const damage = marked ? DAMAGE_MARK : widthDamage(ctx, recordParts, recordLast, recordContent);
  if (damage != 0) {
    rejectSpan(ctx, p, end, damage, widthFields, 0);
    return end;
  }
  const row = load<u32>(ctx, CTX_ROWS), at = <usize>row << 2;
  store<u32>(<usize>load<u32>(ctx, CTX_ROW_START) + at, <u32>p);
  store<u32>(<usize>load<u32>(ctx, CTX_ROW_END) + at, <u32>end);
  store<u32>(<usize>load<u32>(ctx, CTX_ROW_LINE) + at, load<u32>(ctx, CTX_LINES));
  bump(ctx, CTX_LINES, countLines(ctx, p, end));
  bump(ctx, CTX_ROW_BYTES, <u32>(end - p));
  store<u32>(ctx, row + 1, CTX_ROWS);
  if (!load<u32>(ctx, CTX_NON_ASCII)) {
    let any: u32 = 0;
    for (let x = p; x < end; x++) any |= <u32>load<u8>(x);
    if (any & 0x80) store<u32>(ctx, 1, CTX_NON_ASCII);
  }
  return end;
}

// Indexes [CTX_FROM, CTX_TO) until the batch is full, the range is used up, or a span would start at or after CTX_LIMIT.
export function csvScan(ctx: usize): void {
  const from = <usize>load<u32>(ctx, CTX_FROM), to = <usize>load<u32>(ctx, CTX_TO), limit = <usize>load<u32>(ctx, CTX_LIMIT);
  const rowCap = load<u32>(ctx, CTX_ROW_CAP), rejectCap = load<u32>(ctx, CTX_REJECT_CAP);
  const text = from + <usize>load<u32>(ctx, CTX_TEXT);
  const soft = text < limit ? text : limit;
  store<u32>(ctx, 0, CTX_ROWS);
  store<u32>(ctx, 0, CTX_LINES);
  store<u32>(ctx, 0, CTX_ROW_BYTES);
  store<u32>(ctx, 0, CTX_REJECT_BYTES);
  store<u32>(ctx, 0, CTX_BLANK_BYTES);
  store<u32>(ctx, 0, CTX_COMMENT_BYTES);
  store<u32>(ctx, 0, CTX_HEADER_BYTES);
  store<u32>(ctx, 0, CTX_REJECT_COUNT);
  store<u32>(ctx, 0, CTX_NON_ASCII);
  let p = from, stop = STOP_FULL;
  if (load<u32>(ctx, CTX_SKIPPING)) {
    if (p < to) p = load<u32>(ctx, CTX_SKIPPING) == IN_COMMENT ? skipComment(ctx, p) : rejectToLineEnd(ctx, p, p, 0, 2);
    else if (load<u32>(ctx, CTX_FINAL)) store<u32>(ctx, 0, CTX_SKIPPING);
  }
  // A span that goes on beyond the range used it up; a CR left at its end has to wait for the byte after it.
  const cut = load<u32>(ctx, CTX_SKIPPING) != 0;
  for (;;) {
    if (cut) { stop = STOP_STARVED; break; }
    if (p >= limit) { stop = STOP_LIMIT; break; }
    if (p >= to) { stop = load<u32>(ctx, CTX_FINAL) ? STOP_END : STOP_STARVED; break; }
    if (load<u32>(ctx, CTX_ROWS) >= rowCap || load<u32>(ctx, CTX_REJECT_COUNT) >= rejectCap || p >= text) break;
    if (p + 64 < to) {
      const near = p + RUN_BYTES;
      const next = scanBlocks(ctx, p, near < soft ? near : soft);
      if (next != p) { p = next; continue; }
    }
    const next = scanOne(ctx, p);
    if (next == 0 ) { stop = STOP_STARVED; break; }
    p = next;
    if (load<u32>(ctx, CTX_SKIPPING)) { stop = STOP_STARVED; break; }
  }
  store<u32>(ctx, <u32>p, CTX_NEXT);
  store<u32>(ctx, <u32>stop, CTX_STOP);
}
