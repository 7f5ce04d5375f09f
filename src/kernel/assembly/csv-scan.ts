// Bytes → field index: clean stretches 64 bytes at a time, whatever looks unusual one record at a time.
import {
  CTX_BLANK_BYTES, CTX_DELIMITER, CTX_ENDS, CTX_ESCAPE, CTX_FROM, CTX_LIMIT, CTX_LINES, CTX_MAX_ROW, CTX_NEWLINE, CTX_NEXT,
  CTX_NON_ASCII, CTX_QUOTE, CTX_REJECTS, CTX_REJECT_BYTES, CTX_REJECT_CAP, CTX_REJECT_COUNT, CTX_ROWS, CTX_ROW_BYTES, CTX_ROW_CAP,
  CTX_ROW_END, CTX_ROW_LINE, CTX_ROW_START, CTX_SCAN_END, CTX_SCAN_FIELDS, CTX_SKIPPING, CTX_STOP, CTX_TEXT, CTX_TO, CTX_WIDTH,
  CTX_FINAL, DAMAGE_TOO_FEW, DAMAGE_TOO_MANY, DAMAGE_UNCLOSED, REJECT_CODE, REJECT_COLUMN, REJECT_COUNT, REJECT_FLAGS,
  REJECT_LENGTH, REJECT_LINE, REJECT_OFFSET, REJECT_ROW, REJECT_SIZE, STOP_END, STOP_FULL, STOP_LIMIT, STOP_STARVED,
} from './csv-layout';
import { RECORD_BLANK, RECORD_ROW, RECORD_STARVED, countLines, lineEndAfter, scanRecord } from './csv-record';

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

// Rejects from `start` to the end of the physical line of `at`, which may be beyond the range; returns where reading resumes.
function rejectToLineEnd(ctx: usize, start: usize, at: usize, code: i32, flags: u32): usize {
  const to = <usize>load<u32>(ctx, CTX_TO);
  let end = lineEndAfter(ctx, at);
  if (end == 0) {
    end = to;
    if (!load<u32>(ctx, CTX_FINAL)) {
      flags |= 1;
      // A CR whose next byte is unknown stays for the next call.
      if (load<u32>(ctx, CTX_NEWLINE) && load<u8>(to - 1) == 13) end = to - 1;
    }
  }
  store<u32>(ctx, flags & 1, CTX_SKIPPING);
  if (end > start) rejectSpan(ctx, start, end, code, 0, flags);
  return end;
}

// Bytes of a 64 byte block that equal one, first byte in the lowest bit.
// @ts-ignore: decorator
@inline
function mask64(a: v128, b: v128, c: v128, d: v128, needle: v128): u64 {
  const low = <u32>i8x16.bitmask(i8x16.eq(a, needle)) | (<u32>i8x16.bitmask(i8x16.eq(b, needle)) << 16);
  const high = <u32>i8x16.bitmask(i8x16.eq(c, needle)) | (<u32>i8x16.bitmask(i8x16.eq(d, needle)) << 16);
  return <u64>low | (<u64>high << 32);
}

// Writes the address of the lowest bit, and clears it.
// @ts-ignore: decorator
@inline
function writeBit(out: usize, base: u32, bits: u64): u64 {
  store<u32>(out, base + <u32>ctz(bits));
  return bits & (bits - 1);
}

// Bytes indexed before rows are made of their entries, so that both are still in the first-level cache.
const RUN_BYTES: usize = 16384;

// What the last run of blocks found: line ends outside quotes, the end of its entries, whether lines end inside quotes.
let runLines: u32 = 0, runOut: usize = 0, runInner: bool = false;

// Writes the fields of clean blocks from the record start p on, and stops before the first byte that is not clean. `quoting`,
// `doubled` and `cr` are constants where it is inlined.
// @ts-ignore: decorator
@inline
function scanRun(ctx: usize, p: usize, soft: usize, quoting: bool, doubled: bool, cr: bool): void {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), quote = load<u32>(ctx, CTX_QUOTE), escape = load<u32>(ctx, CTX_ESCAPE);
  const width = load<u32>(ctx, CTX_WIDTH);
  const to = <usize>load<u32>(ctx, CTX_TO), rowCap = load<u32>(ctx, CTX_ROW_CAP);
  const giveUp = p + <usize>load<u32>(ctx, CTX_MAX_ROW) + 128;
  const ends = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((load<u32>(ctx, CTX_ROWS) * width) << 2);
  const endsCap = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((rowCap * width) << 2);
  const vd = i8x16.splat(<i8>delimiter), vq = i8x16.splat(<i8>quote), ve = i8x16.splat(<i8>escape);
  const vl = i8x16.splat(10), vc = i8x16.splat(13);
  let out = ends, block = p;
  let inside: u64 = 0, afterStruct: u64 = 1, afterClose: u64 = 0, afterLine: u64 = 1, afterCr: u64 = 0;
  let newlines: u32 = 0, inner: u64 = 0;
  let high = i8x16.splat(0);
  const blank: u64 = width > 1 ? ~(<u64>0) : 0;
  const last = cr ? to - 1 : to;
  while (block + 64 <= last) {
    const a = v128.load(block), b = v128.load(block, 16), c = v128.load(block, 32), d = v128.load(block, 48);
    high = v128.or(high, v128.or(v128.or(a, b), v128.or(c, d)));
    const lf = mask64(a, b, c, d, vl), crs = mask64(a, b, c, d, vc);
    let delims = mask64(a, b, c, d, vd);
    let bad: u64 = 0, outside: u64 = ~(<u64>0), quotes: u64 = 0, closing: u64 = 0;
    if (quoting) {
      // Inside: from an opening quote up to the byte before its closing one; a doubled quote closes and opens again.
      quotes = mask64(a, b, c, d, vq);
      let x = quotes;
      x ^= x << 1; x ^= x << 2; x ^= x << 4; x ^= x << 8; x ^= x << 16; x ^= x << 32;
      x ^= inside;
      outside = ~x;
      inside = <u64>(<i64>x >> 63);
      closing = quotes & outside;
      if (!doubled) bad = mask64(a, b, c, d, ve) & x;
      inner |= (cr ? crs : lf) & x;
    }
    delims &= outside;
    const oc = crs & outside, ol = lf & outside;
    let lines: u64;
    if (cr) {
      const nextLf = (lf >> 1) | (<u64>(load<u8>(block, 64) == 10 ? 1 : 0) << 63);
      const prevCr = (oc << 1) | afterCr;
      lines = (oc & ~nextLf) | (ol & prevCr);
      bad |= ol & ~prevCr;
    } else {
      lines = ol;
      // A CR outside quotes must stand before an LF; the last one of a block is judged in the next.
      bad |= ((oc << 1) | afterCr) & ~lf;
    }
    afterCr = oc >> 63;
    const structs = delims | lines;
    if (quoting) {
      const prevClose = (closing << 1) | afterClose;
      bad |= (quotes & ~outside) & ~((structs << 1) | afterStruct | (doubled ? prevClose : 0));
      bad |= prevClose & ~(structs | crs | (doubled ? quotes : 0));
      afterClose = closing >> 63;
      afterStruct = structs >> 63;
    }
    bad |= (lines | oc) & ((lines << 1) | afterLine) & blank;
    afterLine = lines >> 63;

    let bits = structs;
    if (bad != 0) bits &= (bad & (<u64>0 - bad)) - 1;
    newlines += <u32>popcnt(lines & bits);
    const count = <usize>popcnt(bits), base = <u32>block;
    // Eight are written whatever their number, so that it need not be guessed.
    bits = writeBit(out, base, bits);
    bits = writeBit(out + 4, base, bits);
    bits = writeBit(out + 8, base, bits);
    bits = writeBit(out + 12, base, bits);
    bits = writeBit(out + 16, base, bits);
    bits = writeBit(out + 20, base, bits);
    bits = writeBit(out + 24, base, bits);
    bits = writeBit(out + 28, base, bits);
    if (count > 8) {
      let more = out + 32;
      do { bits = writeBit(more, base, bits); more += 4; } while (bits != 0);
    }
    out += count << 2;
    block += 64;
    if (bad != 0) break;
    if (out >= endsCap) break;
    if (block >= soft && (newlines > 0 || block >= giveUp)) break;
  }
  if (v128.any_true(v128.and(high, i8x16.splat(-128)))) store<u32>(ctx, 1, CTX_NON_ASCII);
  runLines = newlines;
  runOut = out;
  runInner = inner != 0;
}

// Exported so that each stays a function of its own.
export function scanQuoted(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, true, true, false); }
export function scanPlain(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, false, true, false); }
export function scanEscaped(ctx: usize, p: usize, soft: usize): void { scanRun(ctx, p, soft, true, false, false); }
export function scanCr(ctx: usize, p: usize, soft: usize): void {
  scanRun(ctx, p, soft, load<u32>(ctx, CTX_QUOTE) < 256, load<u32>(ctx, CTX_QUOTE) == load<u32>(ctx, CTX_ESCAPE), true);
}

// Indexes clean rows from the record start p on; stops before the first record that is not clean, and returns its start.
function scanBlocks(ctx: usize, p: usize, soft: usize): usize {
  const delimiter = load<u32>(ctx, CTX_DELIMITER), quote = load<u32>(ctx, CTX_QUOTE), width = load<u32>(ctx, CTX_WIDTH);
  const rowCap = load<u32>(ctx, CTX_ROW_CAP);
  if (load<u32>(ctx, CTX_NEWLINE)) scanCr(ctx, p, soft);
  else if (quote > 255) scanPlain(ctx, p, soft);
  else if (load<u32>(ctx, CTX_ESCAPE) == quote) scanQuoted(ctx, p, soft);
  else scanEscaped(ctx, p, soft);
  const newlines = runLines, inner = runInner, ends = <usize>load<u32>(ctx, CTX_ENDS) + <usize>((load<u32>(ctx, CTX_ROWS) * width) << 2);
  let out = runOut;
  if (newlines == 0) return p;

  // Rows from entries: cut at the last line end, then each row must have exactly `width` entries, the last one a line end.
  while (out > ends && <u32>load<u8>(<usize>load<u32>(out - 4)) == delimiter) out -= 4;
  const stride = <usize>width << 2, tail = stride - 4;
  // The number of line ends is that of the rows, so if every row's last entry is one, no other entry is. All are looked at before any
  // is taken: two short rows and a long one have the right number too.
  let regular = <u32>((out - ends) >> 2) == newlines * width;
  if (regular) {
    for (let last = ends + tail; last < out; last += stride) {
      if (<u32>load<u8>(<usize>load<u32>(last)) == delimiter) { regular = false; break; }
    }
  }
  const max = <usize>load<u32>(ctx, CTX_MAX_ROW), limit = <usize>load<u32>(ctx, CTX_LIMIT), rejectCap = load<u32>(ctx, CTX_REJECT_CAP);
  const rowStart = <usize>load<u32>(ctx, CTX_ROW_START), rowEnd = <usize>load<u32>(ctx, CTX_ROW_END), rowLine = <usize>load<u32>(ctx, CTX_ROW_LINE);
  let row = <usize>load<u32>(ctx, CTX_ROWS), line = load<u32>(ctx, CTX_LINES), rowBytes = load<u32>(ctx, CTX_ROW_BYTES);
  let q = ends, w = ends, start = p;
  while (q < out && <u32>row < rowCap && start < limit) {
    let fields: u32 = width, e: usize;
    if (regular) {
      e = <usize>load<u32>(q + tail);
    } else {
      fields = 0;
      do { e = <usize>load<u32>(q + <usize>(fields << 2)); fields++; } while (<u32>load<u8>(e) == delimiter);
    }
    const content = e - <usize>(load<u8>(e) == 10 && load<u8>(e - 1) == 13 && e > start);
    if (content - start > max) break;
    if (fields != width) {
      if (load<u32>(ctx, CTX_REJECT_COUNT) >= rejectCap) break;
      store<u32>(ctx, line, CTX_LINES);
      rejectSpan(ctx, start, e + 1, fields < width ? DAMAGE_TOO_FEW : DAMAGE_TOO_MANY, fields, 0);
      line = load<u32>(ctx, CTX_LINES);
    } else {
      if (w != q) memory.copy(w, q, stride);
      store<u32>(w + tail, <u32>content);
      const at = row << 2;
      store<u32>(rowStart + at, <u32>start);
      store<u32>(rowEnd + at, <u32>e + 1);
      store<u32>(rowLine + at, line);
      line += inner ? countLines(ctx, start, e + 1) : 1;
      rowBytes += <u32>(e + 1 - start);
      row++;
      w += stride;
    }
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
  const to = <usize>load<u32>(ctx, CTX_TO), limit = <usize>load<u32>(ctx, CTX_LIMIT), cr = load<u32>(ctx, CTX_NEWLINE) != 0;
  const stop = limit < to ? limit : to, same = i8x16.splat(cr ? 13 : 10);
  let lines: u32 = 1;
  while (end < stop) {
    // The byte after the last decides what a CR is, so it must be there.
    if (end + 17 <= stop && i8x16.all_true(i8x16.eq(v128.load(end), same)) && (!cr || load<u8>(end, 16) != 10)) {
      end += 16;
      lines += 16;
      continue;
    }
    const b = load<u8>(end), pair = b == 13 && end + 1 < to && load<u8>(end, 1) == 10;
    if (pair) end += 2;
    else if (cr ? b == 13 && end + 1 < to : b == 10) end++;
    else break;
    lines++;
  }
  bump(ctx, CTX_BLANK_BYTES, <u32>(end - p));
  bump(ctx, CTX_LINES, lines);
  return end;
}

// One record by the exact rules; returns the next record's start, or 0 where it does not end in the range.
function scanOne(ctx: usize, p: usize): usize {
  const kind = scanRecord(ctx, p);
  if (kind == RECORD_STARVED) return 0;
  const end = <usize>load<u32>(ctx, CTX_SCAN_END);
  if (kind == RECORD_BLANK) return skipBlank(ctx, p, end);
  if (kind != RECORD_ROW) return rejectToLineEnd(ctx, p, kind == DAMAGE_UNCLOSED ? p : end, kind, 0);
  const fields = load<u32>(ctx, CTX_SCAN_FIELDS), width = load<u32>(ctx, CTX_WIDTH);
  if (fields != width) {
    rejectSpan(ctx, p, end, fields < width ? DAMAGE_TOO_FEW : DAMAGE_TOO_MANY, fields, 0);
    return end;
  }
  const row = load<u32>(ctx, CTX_ROWS), at = <usize>row << 2;
  const lastEnd = <usize>load<u32>(ctx, CTX_ENDS) + ((<usize>row * <usize>width + <usize>width - 1) << 2);
  const e = <usize>load<u32>(lastEnd);
  if (e < end && load<u8>(e) == 10 && e > p && load<u8>(e - 1) == 13) store<u32>(lastEnd, <u32>e - 1);
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
  store<u32>(ctx, 0, CTX_REJECT_COUNT);
  store<u32>(ctx, 0, CTX_NON_ASCII);
  let p = from, stop = STOP_FULL;
  if (load<u32>(ctx, CTX_SKIPPING)) {
    if (p < to) p = rejectToLineEnd(ctx, p, p, 0, 2);
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
