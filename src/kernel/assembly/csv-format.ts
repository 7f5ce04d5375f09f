// Dates, times and timestamps in a format of their own, compiled by the host into steps.
import {
  COL_FORMAT, COL_KIND, COL_ON_LOSS, COL_UNIT, COL_ZONE, COL_ZONED, KIND_DATE, KIND_TIME, ON_LOSS_TRUNCATE, STATUS_CALENDAR, STATUS_LOSS,
  STATUS_SYNTAX, STEP_DAY, STEP_DAY_OF_YEAR, STEP_END, STEP_FRACTION, STEP_HALF, STEP_HOUR, STEP_HOUR12, STEP_LITERAL, STEP_MINUTE,
  STEP_MONTH, STEP_MONTH_NAME, STEP_SECOND, STEP_SHORT_YEAR, STEP_UTC_NAME, STEP_WEEKDAY_NAME, STEP_YEAR,
} from './csv-layout';
import { SCRATCH_TEXT, unescaped } from './csv-cell';
import { BEFORE_MONTH, daysFromCivil, isDate, isLeap } from './csv-digits';
import { hasFraction, lastProblem, readFraction, readOffset, resetClock, storeTime, storeTimestamp } from './csv-time';

// Lower-case names; the first three letters tell them apart. Each entry: length, then 11 letters.
const MONTHS: usize = memory.data<u8>([
  7, 106, 97, 110, 117, 97, 114, 121, 0, 0, 0, 0, 8, 102, 101, 98, 114, 117, 97, 114, 121, 0, 0, 0, 5, 109, 97, 114, 99, 104, 0, 0, 0, 0, 0, 0,
  5, 97, 112, 114, 105, 108, 0, 0, 0, 0, 0, 0, 3, 109, 97, 121, 0, 0, 0, 0, 0, 0, 0, 0, 4, 106, 117, 110, 101, 0, 0, 0, 0, 0, 0, 0,
  4, 106, 117, 108, 121, 0, 0, 0, 0, 0, 0, 0, 6, 97, 117, 103, 117, 115, 116, 0, 0, 0, 0, 0, 9, 115, 101, 112, 116, 101, 109, 98, 101, 114, 0, 0,
  7, 111, 99, 116, 111, 98, 101, 114, 0, 0, 0, 0, 8, 110, 111, 118, 101, 109, 98, 101, 114, 0, 0, 0, 8, 100, 101, 99, 101, 109, 98, 101, 114, 0, 0, 0,
]);
const WEEKDAYS: usize = memory.data<u8>([
  6, 115, 117, 110, 100, 97, 121, 0, 0, 0, 0, 0, 6, 109, 111, 110, 100, 97, 121, 0, 0, 0, 0, 0, 7, 116, 117, 101, 115, 100, 97, 121, 0, 0, 0, 0,
  9, 119, 101, 100, 110, 101, 115, 100, 97, 121, 0, 0, 8, 116, 104, 117, 114, 115, 100, 97, 121, 0, 0, 0, 6, 102, 114, 105, 100, 97, 121, 0, 0, 0, 0, 0,
  8, 115, 97, 116, 117, 114, 100, 97, 121, 0, 0, 0,
]);

let at: usize = 0;

// The number of the name at `at`, or -1: whole, or its first three letters.
function readName(names: usize, count: i32, e: usize): i32 {
  for (let i = 0; i < count; i++) {
    const entry = names + <usize>(i * 12), n = <usize>load<u8>(entry);
    let k: usize = 0;
    while (k < n && at + k < e && (load<u8>(at + k) | 0x20) == load<u8>(entry + 1 + k)) k++;
    if (k == n) { at += n; return i; }
    if (k >= 3) { at += 3; return i; }
  }
  return -1;
}

// One to `most` digits at `at`, or -1.
function readNumber(e: usize, least: i32, most: i32): i32 {
  let v = 0, n = 0;
  while (n < most && at < e) {
    const d = <u32>load<u8>(at) - 48;
    if (d > 9) break;
    v = v * 10 + <i32>d;
    at++; n++;
  }
  return n < least ? -1 : v;
}

// End of an offset at `at`: `Z`, `±HH`, `±HHMM`, `±HH:MM`.
function offsetEnd(e: usize): usize {
  let p = at + 1, n = 0;
  while (p < e && n < 4) {
    if (load<u8>(p) == 58 && n == 2 && p + 2 < e) { p++; continue; }
    if (<u32>load<u8>(p) - 48 > 9) break;
    p++; n++;
  }
  return p;
}

export function parseFormatted(ctx: usize, col: usize, s: usize, e: usize, out: usize, quoted: bool): i32 {
  if (quoted) {
    if (e - s > SCRATCH_TEXT) return STATUS_SYNTAX;
    const text = unescaped(ctx, s, e);
    s = <usize>(text >> 32);
    e = s + <usize>(text & 0xffffffff);
  }
  let step = <usize>load<u32>(col, COL_FORMAT);
  let y = 1970, mo = 1, d = 1, h = 0, mi = 0, c = 0, dayOfYear = 0, half = -1, weekday = -1, offset = 0;
  let zoned = false, wrong = false;
  resetClock();
  at = s;
  for (;;) {
    const op = <i32>load<u8>(step++);
    if (op == STEP_END) break;
    if (op == STEP_LITERAL) {
      if (at >= e || load<u8>(at) != load<u8>(step)) return STATUS_SYNTAX;
      at++; step++;
      continue;
    }
    if (at >= e) return STATUS_SYNTAX;
    let v = 0;
    if (op == STEP_YEAR) { v = readNumber(e, 4, 4); y = v; }
    else if (op == STEP_SHORT_YEAR) { v = readNumber(e, 2, 2); y = v + (v < 69 ? 2000 : 1900); }
    else if (op == STEP_MONTH) { v = readNumber(e, 1, 2); mo = v; }
    else if (op == STEP_DAY) { v = readNumber(e, 1, 2); d = v; }
    else if (op == STEP_HOUR) { v = readNumber(e, 1, 2); h = v; if (v > 23) wrong = true; }
    else if (op == STEP_HOUR12) { v = readNumber(e, 1, 2); h = v; if (v < 1 || v > 12) wrong = true; }
    else if (op == STEP_MINUTE) { v = readNumber(e, 1, 2); mi = v; if (v > 59) wrong = true; }
    else if (op == STEP_SECOND) { v = readNumber(e, 1, 2); c = v; if (v > 59) wrong = true; }
    else if (op == STEP_DAY_OF_YEAR) { v = readNumber(e, 1, 3); dayOfYear = v; if (v == 0) wrong = true; }
    else if (op == STEP_MONTH_NAME) { v = readName(MONTHS, 12, e); mo = v + 1; }
    else if (op == STEP_WEEKDAY_NAME) { v = readName(WEEKDAYS, 7, e); weekday = v; }
    else if (op == STEP_FRACTION) { const p = readFraction(at, e); v = p == at ? -1 : 0; at = p; }
    else if (op == STEP_HALF) {
      v = -1;
      if (at + 2 <= e && (load<u8>(at, 1) | 0x20) == 109) {
        const a = load<u8>(at) | 0x20;
        if (a == 97 || a == 112) { v = a == 112 ? 1 : 0; half = v; at += 2; }
      }
    } else if (op == STEP_UTC_NAME) {
      v = -1;
      const w = at + 3 <= e ? (load<u32>(at) | 0x20202020) & 0xffffff : 0;
      if (w == 0x637475 || w == 0x746d67) { v = 0; at += 3; }
      else if ((load<u8>(at) | 0x20) == 122) { v = 0; at++; }
      zoned = true;
    } else {
      zoned = true;
      if ((load<u8>(at) | 0x20) == 122) at++;
      else {
        const end = offsetEnd(e);
        offset = readOffset(at, end);
        if (offset == i32.MIN_VALUE) {
          if (lastProblem() == STATUS_SYNTAX) return STATUS_SYNTAX;
          wrong = true;
        }
        at = end;
      }
    }
    if (v < 0) return STATUS_SYNTAX;
  }
  if (at != e) return STATUS_SYNTAX;
  if (half >= 0) h = h % 12 + half * 12;
  const kind = load<u32>(col, COL_KIND), onLoss = load<u32>(col, COL_ON_LOSS);
  const clock = h * 3600 + mi * 60 + c;
  if (kind == KIND_TIME) {
    if (wrong) return STATUS_CALENDAR;
    return zoned ? STATUS_LOSS : storeTime(out, clock, load<u32>(col, COL_UNIT), onLoss);
  }
  if (dayOfYear > 0) {
    const before = BEFORE_MONTH + (<usize>isLeap(y) << 5);
    if (dayOfYear > 365 + isLeap(y)) return STATUS_CALENDAR;
    mo = 12;
    while (<i32>load<u16>(before + (<usize>mo << 1)) >= dayOfYear) mo--;
    d = dayOfYear - <i32>load<u16>(before + (<usize>mo << 1));
  }
  if (wrong || !isDate(y, mo, d)) return STATUS_CALENDAR;
  const days = daysFromCivil(y, mo, d);
  // 1970-01-01 was a Thursday.
  if (weekday >= 0 && ((days + 4) % 7 + 7) % 7 != weekday) return STATUS_CALENDAR;
  if (kind == KIND_DATE) {
    if ((clock != 0 || zoned || hasFraction()) && onLoss != ON_LOSS_TRUNCATE) return STATUS_LOSS;
    store<i32>(out, days);
    return 0;
  }
  if (zoned && !load<u32>(col, COL_ZONED)) return STATUS_LOSS;
  const seconds = <i64>days * 86400 + <i64>clock - <i64>offset;
  return storeTimestamp(ctx, out, seconds, <u32>y, load<u32>(col, COL_UNIT), zoned ? 0 : <usize>load<u32>(col, COL_ZONE), onLoss);
}
