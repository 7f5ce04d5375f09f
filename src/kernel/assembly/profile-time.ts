// Dates and times of a column: ISO 8601, and every other spelling by its shape.
import {
  COL_FORMAT, COL_KIND, COL_ON_LOSS, COL_SIZE, COL_UNIT, COL_ZONED, KIND_DATE, KIND_TIME, KIND_TIMESTAMP, ON_LOSS_TRUNCATE, STATUS_LOSS, STEP_DAY, STEP_END,
  STEP_FRACTION, STEP_HALF, STEP_HOUR, STEP_HOUR12, STEP_LITERAL, STEP_MINUTE, STEP_MONTH, STEP_MONTH_NAME, STEP_OFFSET, STEP_SECOND,
  STEP_SHORT_YEAR, STEP_UTC_NAME, STEP_WEEKDAY_NAME, STEP_YEAR,
} from './csv-layout';
import { isDate } from './csv-digits';
import { parseFormatted } from './csv-format';
import { fastDate, fastTimestamp, parseTime, parseTimestamp, twoDigits } from './csv-time';
import {
  COMPACT_GREATEST_YEAR, COMPACT_LEAST_YEAR, KEY_DATE, KEY_STAMP, KEY_STAMP_T, P_ISO_BLANK, P_ISO_DATES, P_ISO_FINEST, P_ISO_FRACTION,
  P_ISO_GREATEST_YEAR, P_ISO_LEAST_YEAR, P_ISO_T, P_ISO_UNZONED, P_ISO_ZONED, P_SHAPES, P_SHAPE_TABLE, P_TIMES, P_TIME_FINEST,
  P_TIME_FRACTION, SHAPES, SHAPE_COUNT, SHAPE_FINEST, SHAPE_FRACTION, SHAPE_GREATEST_YEAR, SHAPE_GREATEST_YEAR_2, SHAPE_KEY,
  SHAPE_LEAST_YEAR, SHAPE_LEAST_YEAR_2, SHAPE_SIZE, TOKEN_BLANK, TOKEN_COLON, TOKEN_COMMA, TOKEN_DASH, TOKEN_FRACTION, TOKEN_HALF,
  TOKEN_MONTH_NAME, TOKEN_NUMBER, TOKEN_OFFSET, TOKEN_POINT, TOKEN_SLASH, TOKEN_T, TOKEN_UTC_NAME, TOKEN_WEEKDAY_NAME, TOKEN_YEAR,
} from './profile-layout';

// @ts-ignore: decorator
@inline
function bump(at: usize): void { store<u64>(at, load<u64>(at) + 1); }

function addYear(least: usize, greatest: usize, year: u32): void {
  if (year < load<u32>(least)) store<u32>(least, year);
  if (year > load<u32>(greatest)) store<u32>(greatest, year);
}

// Digits of a fraction in [p, e), as written and without zeroes behind.
function addFraction(all: usize, finest: usize, p: usize, e: usize): void {
  if (<u32>(e - p) > load<u32>(all)) store<u32>(all, <u32>(e - p));
  while (e > p && load<u8>(e - 1) == 48) e--;
  if (<u32>(e - p) > load<u32>(finest)) store<u32>(finest, <u32>(e - p));
}

// The end of the digits at p.
function digitsEnd(p: usize, e: usize): usize {
  while (p < e && <u32>load<u8>(p) - 48 <= 9) p++;
  return p;
}

// ISO 8601 dates and timestamps, `out` being 16 bytes to overwrite. 0: none; 1: counted; 2: counted, and of a shape of its own.
export function readIso(ctx: usize, block: usize, s: usize, e: usize, out: usize): i32 {
  const n = e - s;
  if (n == 10) {
    if (!fastDate(s, n, out)) return 0;
    bump(block + P_ISO_DATES);
  } else if (fastTimestamp(s, n, out, 1)) {
    bump(block + P_ISO_UNZONED);
    bump(block + (load<u8>(s, 10) == 32 ? P_ISO_BLANK : P_ISO_T));
  } else {
    const status = parseTimestamp(ctx, s, e, out, 6, false, 0, ON_LOSS_TRUNCATE);
    if (status != 0 && status != STATUS_LOSS) return 0;
    bump(block + (status == 0 ? P_ISO_UNZONED : P_ISO_ZONED));
    if (n > 20 && load<u8>(s, 19) == 46) addFraction(block + P_ISO_FRACTION, block + P_ISO_FINEST, s + 20, digitsEnd(s + 20, e));
    addYear(block + P_ISO_LEAST_YEAR, block + P_ISO_GREATEST_YEAR, <u32>(twoDigits(s) * 100 + twoDigits(s + 2)));
    return 2;
  }
  addYear(block + P_ISO_LEAST_YEAR, block + P_ISO_GREATEST_YEAR, <u32>(twoDigits(s) * 100 + twoDigits(s + 2)));
  return 1;
}

// ISO 8601 times of day.
function readIsoTime(block: usize, s: usize, e: usize, out: usize): void {
  if (e - s < 5 || load<u8>(s, 2) != 58 || parseTime(s, e, out, 6, ON_LOSS_TRUNCATE) != 0) return;
  bump(block + P_TIMES);
  if (e - s > 9) addFraction(block + P_TIME_FRACTION, block + P_TIME_FINEST, s + 9, e);
}

// The entry of a shape, made where there is none; 0 where the table is full.
function shapeOf(block: usize, key: u64): usize {
  const count = load<u32>(block, P_SHAPES);
  let entry = block + P_SHAPE_TABLE;
  for (let i: u32 = 0; i < count; i++) {
    if (load<u64>(entry, SHAPE_KEY) == key) return entry;
    entry += SHAPE_SIZE;
  }
  if (count == SHAPES) return 0;
  store<u32>(block, count + 1, P_SHAPES);
  store<u64>(entry, key, SHAPE_KEY);
  store<u32>(entry, u32.MAX_VALUE, SHAPE_LEAST_YEAR);
  store<u32>(entry, u32.MAX_VALUE, SHAPE_LEAST_YEAR_2);
  return entry;
}

// Digits that could be a date without separators: 8, 14, or 8 and 6 about a T. Their year decides whether they are taken for one.
export function readCompact(block: usize, s: usize, n: usize): void {
  const key: u64 = n == 8 ? KEY_DATE : n == 14 ? KEY_STAMP : KEY_STAMP_T;
  const y = twoDigits(s) * 100 + twoDigits(s + 2);
  if (y < COMPACT_LEAST_YEAR || y > COMPACT_GREATEST_YEAR || !isDate(y, twoDigits(s + 4), twoDigits(s + 6))) return;
  if (n > 8) {
    const p = s + n - 6;
    if (<u32>twoDigits(p) > 23 || <u32>twoDigits(p + 2) > 59 || <u32>twoDigits(p + 4) > 59) return;
  }
  const entry = shapeOf(block, key);
  if (entry == 0) return;
  bump(entry + SHAPE_COUNT);
  addYear(entry + SHAPE_LEAST_YEAR, entry + SHAPE_GREATEST_YEAR, <u32>y);
}

// The names' first three letters, in lower case.
const MONTHS: usize = memory.data<u32>([
  0x6e616a, 0x626566, 0x72616d, 0x727061, 0x79616d, 0x6e756a, 0x6c756a, 0x677561, 0x706573, 0x74636f, 0x766f6e, 0x636564,
]);
const WEEKDAYS: usize = memory.data<u32>([0x6e7573, 0x6e6f6d, 0x657574, 0x646577, 0x756874, 0x697266, 0x746173]);

function isOneOf(list: usize, count: i32, letters: u32): bool {
  for (let i = 0; i < count; i++) if (load<u32>(list + (<usize>i << 2)) == letters) return true;
  return false;
}

// A steps program of up to 48 bytes, as formats are compiled to, and the descriptor that it is run with.
const PROGRAM: usize = memory.data(64, 16);
const COLUMN: usize = memory.data(COL_SIZE, 16);

let key: u64 = 0, tokens: i32 = 0, program: usize = 0;

// @ts-ignore: decorator
@inline
function add(token: u32): void { key |= <u64>token << (<u64>tokens << 2); tokens++; }

// @ts-ignore: decorator
@inline
function emit(step: i32): void { store<u8>(program, <u8>step); program++; }

// Where the parts of the date stand: their kinds in four bits each, their steps, and their values.
let parts: u32 = 0, partCount: i32 = 0, partSteps: u64 = 0, years: u64 = 0;

function addPart(token: u32, value: u32): void {
  parts |= token << (<u32>partCount << 2);
  partSteps |= <u64>(program - PROGRAM) << (<u64>partCount << 3);
  years |= <u64>value << (<u64>partCount << 4);
  partCount++;
  add(token);
  emit(0);
}

function literalToken(b: u32): u32 {
  return b == 47 ? TOKEN_SLASH : b == 45 ? TOKEN_DASH : b == 46 ? TOKEN_POINT : b == 44 ? TOKEN_COMMA : b == 58 ? TOKEN_COLON : b == 32 ? TOKEN_BLANK : 0;
}

// What was read: digits of the fraction, parts of the clock so far (1 hour, 2 minute, 3 second, 4 fraction), twelve hours, an offset.
let fractionStart: usize = 0, fractionEnd: usize = 0, clock: i32 = 0, half: bool = false, zoned: bool = false, hourStep: usize = 0;

// Reads [s, e) into tokens and steps. False where it is no date or time.
function tokenize(s: usize, e: usize): bool {
  key = 0; tokens = 0; program = PROGRAM; parts = 0; partCount = 0; partSteps = 0; years = 0;
  fractionStart = 0; fractionEnd = 0; clock = 0; half = false; zoned = false;
  let p = s;
  while (p < e) {
    if (tokens == 16) return false;
    const b = <u32>load<u8>(p);
    if (b - 48 <= 9) {
      const q = digitsEnd(p, e), n = q - p;
      const colon = q < e && load<u8>(q) == 58, afterColon = p > s && load<u8>(p - 1) == 58;
      if (clock == 3 && p > s && (load<u8>(p - 1) == 46 || load<u8>(p - 1) == 44)) {
        fractionStart = p; fractionEnd = q; clock = 4;
        add(TOKEN_FRACTION); emit(STEP_FRACTION);
      } else if (n <= 2 && clock == 0 && colon) {
        clock = 1; hourStep = program;
        add(TOKEN_NUMBER); emit(STEP_HOUR);
      } else if (n <= 2 && (clock == 1 || clock == 2) && afterColon) {
        clock++;
        add(TOKEN_NUMBER); emit(clock == 2 ? STEP_MINUTE : STEP_SECOND);
      } else if (n <= 2 && partCount < 4) addPart(TOKEN_NUMBER, n == 2 ? <u32>twoDigits(p) : 0);
      else if (n == 4 && partCount < 4) addPart(TOKEN_YEAR, <u32>(twoDigits(p) * 100 + twoDigits(p + 2)));
      else return false;
      p = q;
      continue;
    }
    const letter = (b | 0x20) - 97 < 26;
    if (letter) {
      let q = p;
      while (q < e && (<u32>load<u8>(q) | 0x20) - 97 < 26) q++;
      const n = q - p;
      if (n >= 3) {
        const three = (load<u32>(p) | 0x20202020) & 0xffffff;
        if (isOneOf(MONTHS, 12, three) && partCount < 4) addPart(TOKEN_MONTH_NAME, 0);
        else if (isOneOf(WEEKDAYS, 7, three)) { add(TOKEN_WEEKDAY_NAME); emit(STEP_WEEKDAY_NAME); }
        else if (n == 3 && clock > 0 && !zoned && (three == 0x637475 || three == 0x746d67)) { zoned = true; add(TOKEN_UTC_NAME); emit(STEP_UTC_NAME); }
        else return false;
      } else if (n == 2 && clock > 0 && !half && (<u32>load<u8>(p, 1) | 0x20) == 109) { half = true; add(TOKEN_HALF); emit(STEP_HALF); }
      else if (n == 1 && b == 84 && clock == 0) { add(TOKEN_T); emit(STEP_LITERAL); emit(84); }
      else if (n == 1 && b == 90 && clock > 0 && !zoned) { zoned = true; add(TOKEN_OFFSET); emit(STEP_OFFSET); }
      else return false;
      p = q;
      continue;
    }
    if ((b == 43 || b == 45) && clock >= 2) {
      if (zoned) return false;
      let q = p + 1;
      while (q < e && (<u32>load<u8>(q) - 48 <= 9 || load<u8>(q) == 58)) q++;
      zoned = true;
      add(TOKEN_OFFSET); emit(STEP_OFFSET);
      p = q;
      continue;
    }
    const token = literalToken(b);
    if (token == 0) return false;
    add(token); emit(STEP_LITERAL); emit(<i32>b);
    p++;
  }
  emit(STEP_END);
  return clock != 1 && (half || clock != 0 || partCount == 3);
}

// @ts-ignore: decorator
@inline
function setStep(part: i32, step: i32): void { store<u8>(PROGRAM + <usize>((partSteps >> (<u64>part << 3)) & 0xff), <u8>step); }

// @ts-ignore: decorator
@inline
function valueOf(part: i32): u32 { return <u32>(years >> (<u64>part << 4)) & 0xffff; }

function run(ctx: usize, s: usize, e: usize, out: usize, kind: i32): bool {
  store<u32>(COLUMN, <u32>PROGRAM, COL_FORMAT);
  store<u32>(COLUMN, <u32>kind, COL_KIND);
  store<u32>(COLUMN, 6, COL_UNIT);
  store<u32>(COLUMN, 1, COL_ZONED);
  store<u32>(COLUMN, ON_LOSS_TRUNCATE, COL_ON_LOSS);
  return parseFormatted(ctx, COLUMN, s, e, out, false) == 0;
}

// Counts the order of the parts that steps say, `year` being the part that holds the year.
function tryOrder(ctx: usize, block: usize, order: usize, s: usize, e: usize, out: usize, year: i32, first: i32, second: i32, third: i32): void {
  setStep(0, first); setStep(1, second); setStep(2, third);
  if (!run(ctx, s, e, out, clock == 0 ? KIND_DATE : KIND_TIMESTAMP)) return;
  const entry = shapeOf(block, key);
  if (entry == 0) return;
  bump(entry + SHAPE_COUNT + (order << 3));
  let y = valueOf(year);
  if (y < 100) y += y < 69 ? 2000 : 1900;
  const at = order == 2 ? SHAPE_LEAST_YEAR_2 : SHAPE_LEAST_YEAR;
  addYear(entry + at, entry + at + 4, y);
  if (fractionStart != 0) addFraction(entry + SHAPE_FRACTION, entry + SHAPE_FINEST, fractionStart, fractionEnd);
}

// Dates and times in formats of their own: the shape is looked up, and every order of day, month and year it may have is tried.
export function readTimes(ctx: usize, block: usize, s: usize, e: usize, out: usize): void {
  if (e - s > 40) return;
  if (!tokenize(s, e)) return;
  if (half) store<u8>(hourStep, STEP_HOUR12);
  if (partCount == 0) {
    readIsoTime(block, s, e, out);
    if (zoned || !run(ctx, s, e, out, KIND_TIME)) return;
    const entry = shapeOf(block, key);
    if (entry == 0) return;
    bump(entry + SHAPE_COUNT);
    if (fractionStart != 0) addFraction(entry + SHAPE_FRACTION, entry + SHAPE_FINEST, fractionStart, fractionEnd);
    return;
  }
  if (partCount != 3) return;
  const a = parts & 15, b = (parts >> 4) & 15, c = parts >> 8;
  const names = <u32>(a == TOKEN_MONTH_NAME) + <u32>(b == TOKEN_MONTH_NAME) + <u32>(c == TOKEN_MONTH_NAME);
  const longs = <u32>(a == TOKEN_YEAR) + <u32>(b == TOKEN_YEAR) + <u32>(c == TOKEN_YEAR);
  if (names > 1 || longs > 1 || b == TOKEN_YEAR || c == TOKEN_MONTH_NAME || (a == TOKEN_YEAR && names == 1 && b != TOKEN_MONTH_NAME)) return;
  const year = longs == 1 ? STEP_YEAR : STEP_SHORT_YEAR;
  if (names == 1) {
    if (a == TOKEN_MONTH_NAME) tryOrder(ctx, block, 0, s, e, out, 2, STEP_MONTH_NAME, STEP_DAY, year);
    else {
      if (a != TOKEN_YEAR) tryOrder(ctx, block, 0, s, e, out, 2, STEP_DAY, STEP_MONTH_NAME, year);
      if (c != TOKEN_YEAR) tryOrder(ctx, block, 2, s, e, out, 0, year, STEP_MONTH_NAME, STEP_DAY);
    }
    return;
  }
  if (a != TOKEN_YEAR) {
    tryOrder(ctx, block, 0, s, e, out, 2, STEP_DAY, STEP_MONTH, year);
    tryOrder(ctx, block, 1, s, e, out, 2, STEP_MONTH, STEP_DAY, year);
  }
  if (c != TOKEN_YEAR) tryOrder(ctx, block, 2, s, e, out, 0, year, STEP_MONTH, STEP_DAY);
}
