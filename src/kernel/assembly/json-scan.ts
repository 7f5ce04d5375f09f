// Lines of JSON → cells, one object a line.
import {
  CTX_BLANK_BYTES, CTX_COMMENT_BYTES, CTX_FINAL, CTX_FROM, CTX_HEADER_BYTES, CTX_LIMIT, CTX_LINES, CTX_MAX_ROW, CTX_NEXT, CTX_REJECTS, CTX_REJECT_BYTES,
  CTX_REJECT_CAP, CTX_REJECT_COUNT, CTX_ROWS, CTX_ROW_BYTES, CTX_ROW_CAP, CTX_ROW_END, CTX_ROW_LINE, CTX_ROW_START, CTX_SKIPPING, CTX_STOP,
  CTX_TEXT, CTX_TO, CTX_WIDTH, REJECT_CODE, REJECT_COLUMN, REJECT_COUNT, REJECT_FLAGS, REJECT_LENGTH, REJECT_LINE, REJECT_OFFSET, REJECT_ROW,
  REJECT_SIZE, STOP_END, STOP_FULL, STOP_LIMIT, STOP_STARVED,
} from './csv-layout';
import { isUtf8 } from './csv-utf8';
import {
  CTX_JSON_CELLS, CTX_JSON_LINE, CTX_JSON_ROOT, DAMAGE_JSON_BELOW, DAMAGE_JSON_LONG, DAMAGE_JSON_MARK, DAMAGE_JSON_NO_OBJECT, DAMAGE_JSON_TRAILING,
  DAMAGE_JSON_TWICE, DAMAGE_JSON_UTF8,
} from './json-layout';
import { damageNode, takeObject } from './json-object';
import { damage, damageAt, passBlanks, setLone, spoil } from './json-text';

// The byte order mark, in the low bytes of a u32.
const MARK: u32 = 0xbfbbef;

// Whether bytes above 0x7f were seen up to the line feed that `findFeed` found.
let nonAscii: bool = false;

// The first line feed in [p, to), or `to`.
function findFeed(p: usize, to: usize): usize {
  const feed = i8x16.splat(10);
  let high = i8x16.splat(0);
  for (; p < to; p += 16) {
    const v = v128.load(p), m = <u32>i8x16.bitmask(i8x16.eq(v, feed));
    high = v128.or(high, v);
    if (m == 0) continue;
    p += <usize>ctz(m);
    break;
  }
  nonAscii = i8x16.bitmask(high) != 0;
  return p < to ? p : to;
}

// @ts-ignore: decorator
@inline
function bump(ctx: usize, slot: usize, by: u32): void { store<u32>(ctx + slot, load<u32>(ctx + slot) + by); }

function rejectLine(ctx: usize, start: usize, end: usize, code: i32, count: u32, flags: u32): void {
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
  bump(ctx, CTX_LINES, u32(load<u8>(end - 1) == 10));
}

// The object that is the line at p, up to its line feed at e; 0, or what is wrong with it.
function takeLine(ctx: usize, p: usize, s: usize, e: usize, cells: usize): i32 {
  if (nonAscii) {
    if (!isUtf8(p, e)) { spoil(DAMAGE_JSON_UTF8, p); return DAMAGE_JSON_UTF8; }
    if ((load<u32>(p) & 0xffffff) == MARK) { spoil(DAMAGE_JSON_MARK, p); return DAMAGE_JSON_MARK; }
  }
  if (load<u8>(s) != 123) { spoil(DAMAGE_JSON_NO_OBJECT, s); return DAMAGE_JSON_NO_OBJECT; }
  setLone(0);
  store<u64>(ctx, load<u64>(ctx, CTX_JSON_LINE) + 1, CTX_JSON_LINE);
  const end = takeObject(ctx, <usize>load<u32>(ctx, CTX_JSON_ROOT), cells, s + 1, 1);
  if (end == 0) return damage;
  const behind = passBlanks(end);
  if (behind == e) return 0;
  spoil(DAMAGE_JSON_TRAILING, behind);
  return DAMAGE_JSON_TRAILING;
}

// What is left of a line that is too long; returns its end, or that of the range.
function skipLong(ctx: usize, p: usize, to: usize, flags: u32): usize {
  const feed = findFeed(p, to), open = feed == to && load<u32>(ctx, CTX_FINAL) == 0;
  const end = feed == to ? to : feed + 1;
  store<u32>(ctx, u32(open), CTX_SKIPPING);
  if (end > p) rejectLine(ctx, p, end, DAMAGE_JSON_LONG, 0, flags | u32(open));
  return end;
}

// Scans [CTX_FROM, CTX_TO) until the batch is full, the range is used up, or a span would start at or after CTX_LIMIT. The byte behind a
// range that is final is overwritten.
export function jsonScan(ctx: usize): void {
  const from = <usize>load<u32>(ctx, CTX_FROM), to = <usize>load<u32>(ctx, CTX_TO), limit = <usize>load<u32>(ctx, CTX_LIMIT);
  const rowCap = load<u32>(ctx, CTX_ROW_CAP), rejectCap = load<u32>(ctx, CTX_REJECT_CAP), final = load<u32>(ctx, CTX_FINAL) != 0;
  const text = from + <usize>load<u32>(ctx, CTX_TEXT), max = <usize>load<u32>(ctx, CTX_MAX_ROW), width = <usize>load<u32>(ctx, CTX_WIDTH) << 3;
  const rowStart = <usize>load<u32>(ctx, CTX_ROW_START), rowEnd = <usize>load<u32>(ctx, CTX_ROW_END), rowLine = <usize>load<u32>(ctx, CTX_ROW_LINE);
  store<u32>(ctx, 0, CTX_LINES);
  store<u32>(ctx, 0, CTX_REJECT_BYTES);
  store<u32>(ctx, 0, CTX_BLANK_BYTES);
  store<u32>(ctx, 0, CTX_COMMENT_BYTES);
  store<u32>(ctx, 0, CTX_HEADER_BYTES);
  store<u32>(ctx, 0, CTX_REJECT_COUNT);
  let p = from, stop = STOP_FULL, row: u32 = 0, rowBytes: u32 = 0, cells = <usize>load<u32>(ctx, CTX_JSON_CELLS);
  if (load<u32>(ctx, CTX_SKIPPING)) {
    if (p < to) p = skipLong(ctx, p, to, 2);
    else if (final) store<u32>(ctx, 0, CTX_SKIPPING);
  }
  if (final) store<u8>(to, 10);
  const cut = load<u32>(ctx, CTX_SKIPPING) != 0;
  for (;;) {
    if (cut) { stop = STOP_STARVED; break; }
    if (p >= limit) { stop = STOP_LIMIT; break; }
    if (p >= to) { stop = final ? STOP_END : STOP_STARVED; break; }
    if (row >= rowCap || load<u32>(ctx, CTX_REJECT_COUNT) >= rejectCap || p >= text) break;
    const e = findFeed(p, to);
    if (e == to && !final && to - p <= max + 1) { stop = STOP_STARVED; break; }
    const content = e - <usize>(e > p && load<u8>(e - 1) == 13 && e < to), end = e == to ? to : e + 1;
    if (content - p > max) {
      p = skipLong(ctx, p, to, 0);
      if (load<u32>(ctx, CTX_SKIPPING)) { stop = STOP_STARVED; break; }
      continue;
    }
    const s = passBlanks(p);
    if (s == e) {
      bump(ctx, CTX_BLANK_BYTES, <u32>(end - p));
      bump(ctx, CTX_LINES, u32(e != to));
      p = end;
      continue;
    }
    memory.fill(cells, 0, width);
    const code = takeLine(ctx, p, s, e, cells);
    if (code != 0) {
      const isNode = code == DAMAGE_JSON_TWICE || code == DAMAGE_JSON_BELOW;
      rejectLine(ctx, p, end, code, isNode ? damageNode : <u32>(damageAt - p), 0);
      p = end;
      continue;
    }
    const at = <usize>row << 2;
    store<u32>(rowStart + at, <u32>p);
    store<u32>(rowEnd + at, <u32>end);
    store<u32>(rowLine + at, load<u32>(ctx, CTX_LINES));
    bump(ctx, CTX_LINES, u32(e != to));
    rowBytes += <u32>(end - p);
    cells += width;
    row++;
    p = end;
  }
  store<u32>(ctx, row, CTX_ROWS);
  store<u32>(ctx, rowBytes, CTX_ROW_BYTES);
  store<u32>(ctx, <u32>p, CTX_NEXT);
  store<u32>(ctx, <u32>stop, CTX_STOP);
}
