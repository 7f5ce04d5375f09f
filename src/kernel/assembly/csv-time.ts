// Dates, times and timestamps in ISO 8601 from their text, and what their custom formats share with them.
import { ON_LOSS_ROUND, ON_LOSS_TRUNCATE, CTX_MISSING_YEAR, STATUS_CALENDAR, STATUS_LOSS, STATUS_RANGE, STATUS_SLOW, STATUS_SYNTAX, STATUS_ZONE, ZONE_SLOTS, ZONE_SLOT_SIZE } from './csv-layout';
import { MONTH_DAYS, aboveNine, areDigits, daysFromCivil, isDate, isLeap, pairs, zeroBased } from './csv-digits';

const NO_DATE: i32 = i32.MIN_VALUE;
let problem: i32 = 0;

// Why the last read of a date, clock or offset failed.
export function lastProblem(): i32 { return problem; }

// Days of `YYYY-MM-DD` at s, or NO_DATE and `problem`. Reads 10 bytes, which must be there.
function readDate(s: usize): i32 {
  const a = load<u64>(s), b = <u32>load<u16>(s, 8) ^ 0x3030;
  const t = (a ^ 0x3030303030303030) & 0x00ffff00ffffffff;
  if ((a & 0xff0000ff00000000) != 0x2d00002d00000000 || !areDigits(t | (<u64>b << 56)) || b >> 8 > 9 || (b & 0xff) > 9) { problem = STATUS_SYNTAX; return NO_DATE; }
  const v = t * 10 + (t >> 8);
  const y = <i32>(v & 0xff) * 100 + <i32>((v >> 16) & 0xff), m = <i32>((v >> 40) & 0xff), d = <i32>(b & 0xff) * 10 + <i32>(b >> 8);
  if (!isDate(y, m, d)) { problem = STATUS_CALENDAR; return NO_DATE; }
  return daysFromCivil(y, m, d);
}

// `YYYY-MM-DD`; false where it is anything else, or no date.
// @ts-ignore: decorator
@inline
export function fastDate(s: usize, n: usize, out: usize): bool {
  if (n != 10) return false;
  const a = load<u64>(s), b = <u64>load<u16>(s, 8) ^ 0x3030;
  const t = (a ^ 0x3030303030303030) & 0x00ffff00ffffffff;
  if ((a & 0xff0000ff00000000) != 0x2d00002d00000000 || !areDigits(t | (b << 56)) || b >= 0xa00) return false;
  const v = t * 10 + (t >> 8);
  const y = <i32>(v & 0xff) * 100 + <i32>((v >> 16) & 0xff), m = <i32>((v >> 40) & 0xff), d = <i32>(b & 0xff) * 10 + <i32>(b >> 8);
  if (!isDate(y, m, d)) return false;
  store<i32>(out, daysFromCivil(y, m, d));
  return true;
}

export function parseDate(s: usize, e: usize, out: usize, onLoss: u32): i32 {
  if (e - s != 10) return parseDateLong(s, e, out, onLoss);
  const days = readDate(s);
  if (days == NO_DATE) return problem;
  store<i32>(out, days);
  return 0;
}

// A timestamp where a date should stand: its time of day is a loss.
function parseDateLong(s: usize, e: usize, out: usize, onLoss: u32): i32 {
  const status = readTimestamp(s, e);
  if (status != 0) return status;
  if (onLoss != ON_LOSS_TRUNCATE) return STATUS_LOSS;
  store<i32>(out, stampDays);
  return 0;
}

// @ts-ignore: decorator
@inline
export function twoDigits(s: usize): i32 {
  const a = <i32>load<u8>(s) - 48, b = <i32>load<u8>(s, 1) - 48;
  return <u32>a > 9 || <u32>b > 9 ? -1 : a * 10 + b;
}

// What was read of a time of day: seconds, nanoseconds, whether digits finer than those were not zero, the first of them, the end.
let clockSeconds: i32 = 0, clockNanos: i32 = 0, clockFiner: bool = false, clockTenth: i32 = 0, clockEnd: usize = 0;

export function resetClock(): void { clockNanos = 0; clockFiner = false; clockTenth = -1; }

// The digits of a fraction from p on; returns their end.
export function readFraction(p: usize, e: usize): usize {
  let unit = 100000000;
  for (; p < e; p++) {
    const d = <i32>load<u8>(p) - 48;
    if (<u32>d > 9) break;
    if (unit == 0) { if (d != 0) clockFiner = true; if (clockTenth < 0) clockTenth = d; } else { clockNanos += d * unit; unit /= 10; }
  }
  return p;
}

// `HH:MM[:SS[.f…]]` from s; leaves the end in `clockEnd`. 0 or a status.
function readTime(s: usize, e: usize): i32 {
  resetClock();
  if (e - s < 5 || load<u8>(s, 2) != 58) return STATUS_SYNTAX;
  const h = twoDigits(s), m = twoDigits(s + 3);
  let c = 0, p = s + 5;
  if (h < 0 || m < 0) return STATUS_SYNTAX;
  if (p < e && load<u8>(p) == 58) {
    if (e - p < 3) return STATUS_SYNTAX;
    c = twoDigits(p + 1);
    if (c < 0) return STATUS_SYNTAX;
    p += 3;
    if (p < e && load<u8>(p) == 46) {
      p++;
      const first = p;
      p = readFraction(p, e);
      if (p == first) return STATUS_SYNTAX;
    }
  }
  clockEnd = p;
  if (h > 23 || m > 59 || c > 59) return STATUS_CALENDAR;
  clockSeconds = h * 3600 + m * 60 + c;
  return 0;
}

const UNITS: usize = memory.data<u32>([1000000000, 0, 0, 1000000, 0, 0, 1000, 0, 0, 1]);
const PER_SECOND: usize = memory.data<u32>([1, 0, 0, 1000, 0, 0, 1000000, 0, 0, 1000000000]);

let scaled: i64 = 0;

// Seconds and `clockNanos` in the unit of `digits`, into `scaled`. Truncation goes towards the past, rounding half up.
function scaleTo(seconds: i64, digits: u32, onLoss: u32): i32 {
  const unit = <i32>load<u32>(UNITS + (<usize>digits << 2)), per = <i64>load<u32>(PER_SECOND + (<usize>digits << 2));
  let part = clockNanos / unit;
  const rest = clockNanos - part * unit;
  if (rest != 0 || clockFiner) {
    if (onLoss != ON_LOSS_ROUND && onLoss != ON_LOSS_TRUNCATE) return STATUS_LOSS;
    if (onLoss == ON_LOSS_ROUND && (unit > 1 ? rest * 2 >= unit : clockTenth >= 5)) part++;
  }
  if (digits == 9) {
    // 2^63 nanoseconds are 9223372036.854775808 seconds.
    if (seconds > 9223372036 || (seconds == 9223372036 && part > 854775807)) return STATUS_RANGE;
    if (seconds < -9223372037 || (seconds == -9223372037 && part < 145224192)) return STATUS_RANGE;
  }
  scaled = seconds * per + <i64>part;
  return 0;
}

// Takes a fraction as read.
export function setFraction(nanos: i32): void { resetClock(); clockNanos = nanos; }

// Whether a fraction was read that is not zero.
export function hasFraction(): bool { return clockNanos != 0 || clockFiner; }

// Stores a time of day in the unit of `digits`; 4 bytes wide up to milliseconds.
export function storeTime(out: usize, seconds: i32, digits: u32, onLoss: u32): i32 {
  const status = scaleTo(<i64>seconds, digits, onLoss);
  if (status != 0) return status;
  // Rounding up to midnight leaves the day.
  if (scaled >= 86400 * <i64>load<u32>(PER_SECOND + (<usize>digits << 2))) return STATUS_RANGE;
  if (digits <= 3) store<i32>(out, <i32>scaled); else store<i64>(out, scaled);
  return 0;
}

export function parseTime(s: usize, e: usize, out: usize, digits: u32, onLoss: u32): i32 {
  const status = readTime(s, e);
  if (status == STATUS_SYNTAX || clockEnd != e) return STATUS_SYNTAX;
  return status != 0 ? status : storeTime(out, clockSeconds, digits, onLoss);
}

// Seconds of `±HH`, `±HHMM` or `±HH:MM` at [p, e), or i32.MIN_VALUE and `problem`.
export function readOffset(p: usize, e: usize): i32 {
  const n = e - p, sign = load<u8>(p);
  problem = STATUS_SYNTAX;
  if ((sign != 43 && sign != 45) || (n != 3 && n != 5 && n != 6) || (n == 6 && load<u8>(p, 3) != 58)) return i32.MIN_VALUE;
  const h = twoDigits(p + 1), m = n == 3 ? 0 : twoDigits(e - 2);
  if (h < 0 || m < 0) return i32.MIN_VALUE;
  problem = STATUS_CALENDAR;
  if (h > 23 || m > 59) return i32.MIN_VALUE;
  const offset = h * 3600 + m * 60;
  return sign == 45 ? -offset : offset;
}

// What was read of a timestamp: days, whether an offset stands there, and the offset.
let stampDays: i32 = 0, stampZoned: bool = false, stampOffset: i32 = 0;

// `YYYY-MM-DD[(T| )HH:MM[:SS[.f…]][Z|±HH[:MM]]]`, whole.
function readTimestamp(s: usize, e: usize): i32 {
  if (e - s < 10) return STATUS_SYNTAX;
  resetClock();
  clockSeconds = 0;
  stampZoned = false; stampOffset = 0;
  stampDays = readDate(s);
  let status = stampDays == NO_DATE ? problem : 0;
  if (status == STATUS_SYNTAX) return status;
  let p = s + 10;
  if (p == e) return status;
  if ((load<u8>(p) | 0x20) != 0x74 && load<u8>(p) != 0x20) return STATUS_SYNTAX;
  const clock = readTime(p + 1, e);
  if (clock == STATUS_SYNTAX) return clock;
  if (status == 0) status = clock;
  p = clockEnd;
  if (p < e) {
    stampZoned = true;
    if ((load<u8>(p) | 0x20) == 0x7a) { if (p + 1 != e) return STATUS_SYNTAX; }
    else {
      stampOffset = readOffset(p, e);
      if (stampOffset == i32.MIN_VALUE) {
        if (problem == STATUS_SYNTAX) return problem;
        if (status == 0) status = problem;
      }
    }
  }
  return status;
}

// Local seconds of a year → UTC, by the zone's table, into `scaled`; STATUS_SLOW where the table lacks the year.
function toUtc(ctx: usize, zone: usize, year: u32, seconds: i64): i32 {
  const slot = zone + <usize>(year & (ZONE_SLOTS - 1)) * ZONE_SLOT_SIZE;
  if (load<u32>(slot) != year) { store<u32>(ctx, year, CTX_MISSING_YEAR); return STATUS_SLOW; }
  const n = load<u32>(slot, 4);
  let p = slot + 8;
  for (let i: u32 = 0; i < n; i++) {
    if (seconds >= load<i64>(p) && seconds <= load<i64>(p, 8)) { scaled = seconds - load<i64>(p, 16); return 0; }
    p += 24;
  }
  return STATUS_ZONE;
}

// Stores a timestamp read as local (zone not 0) or UTC seconds and the fraction that was read.
export function storeTimestamp(ctx: usize, out: usize, seconds: i64, year: u32, digits: u32, zone: usize, onLoss: u32): i32 {
  if (zone != 0) {
    const status = toUtc(ctx, zone, year, seconds);
    if (status != 0) return status;
    seconds = scaled;
  }
  const status = scaleTo(seconds, digits, onLoss);
  if (status == 0) store<i64>(out, scaled);
  return status;
}

export function parseTimestamp(ctx: usize, s: usize, e: usize, out: usize, digits: u32, zoned: bool, zone: usize, onLoss: u32): i32 {
  const status = readTimestamp(s, e);
  if (status != 0) return status;
  if (stampZoned && !zoned) return STATUS_LOSS;
  const year = <u32>(twoDigits(s) * 100 + twoDigits(s + 2));
  return storeTimestamp(ctx, out, <i64>stampDays * 86400 + <i64>clockSeconds - <i64>stampOffset, year, digits, stampZoned ? 0 : zone, onLoss);
}

// Marks of a timestamp in place; the least and most of its pairs of digits; what they weigh in years, hours and minutes, seconds.
const MARKS: usize = memory.data<u8>([0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 0, 0, 0, 58, 0, 0]);
const LEAST: usize = memory.data<u16>([0, 0, 1, 1, 0, 0, 0, 0]);
const MOST: usize = memory.data<u16>([99, 99, 11, 30, 23, 59, 59, 59]);
const WEIGHTS: usize = memory.data<u16>([100, 1, 0, 0, 3600, 60, 1, 0]);

// `YYYY-MM-DD HH:MM:SS` (or a T) without an offset; false where it is anything else, or does not exist. `per`: units of a second.
// @ts-ignore: decorator
@inline
export function fastTimestamp(s: usize, n: usize, out: usize, per: i64): bool {
  if (n != 19) return false;
  const head = v128.load(s), tail = v128.load(s, 3), sep = load<u8>(s, 10);
  const marks = i8x16.bitmask(i8x16.eq(head, v128.load(MARKS))) & 0x2090;
  // The digits side by side, then pairs of them as numbers.
  const t = zeroBased(i8x16.shuffle(head, tail, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 30, 31, 30, 31));
  const v = pairs(t);
  const wrong = v128.or(i16x8.sub_sat_u(i16x8.sub(v, v128.load(LEAST)), v128.load(MOST)), aboveNine(t));
  if (marks != 0x2090 || load<u8>(s, 16) != 58 || v128.any_true(wrong)) return false;
  if (sep != 32 && sep != 84) return false;
  const w = i32x4.dot_i16x8_s(v, v128.load(WEIGHTS));
  const y = i32x4.extract_lane(w, 0), m = <i32>i16x8.extract_lane_u(v, 2), d = <i32>i16x8.extract_lane_u(v, 3);
  if (y == 0 || d > <i32>load<u8>(MONTH_DAYS + <usize>(m + (isLeap(y) << 4)))) return false;
  const clock = i32x4.extract_lane(w, 2) + i32x4.extract_lane(w, 3);
  store<i64>(out, (<i64>daysFromCivil(y, m, d) * 86400 + <i64>clock) * per);
  return true;
}
