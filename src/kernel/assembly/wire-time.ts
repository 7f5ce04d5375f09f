// Dates and times as database servers send them → columns. One cell at a time; each function answers a status.
import {
  COL_KIND, COL_ON_LOSS, COL_UNIT, KIND_DATE, ON_LOSS_TRUNCATE, STATUS_CALENDAR, STATUS_LOSS, STATUS_RANGE, STATUS_WIRE,
} from './csv-layout';
import { daysFromCivil, isDate } from './csv-digits';
import { setFraction, storeTime, storeTimestamp } from './csv-time';
import { WIRE_MYSQL } from './wire-layout';

// PostgreSQL counts from 2000-01-01: days, seconds and microseconds after 1970-01-01.
export const EPOCH_DAYS: i64 = 10957;
export const EPOCH_SECONDS: i64 = 946684800;
export const EPOCH_MICROSECONDS: i64 = 946684800000000;
const DAY_MICROSECONDS: i64 = 86400000000;
// Days, either way, whose microseconds and nanoseconds are within 64 bits.
const DAYS_IN_MICROSECONDS: i64 = 106751991;
const DAYS_IN_NANOSECONDS: i64 = 106751;

// Days after 1970-01-01 and, in `fraction`, microseconds of that day into a column of dates or timestamps.
function storeDays(ctx: usize, col: usize, out: usize, days: i64, micros: i64): i32 {
  const onLoss = load<u32>(col, COL_ON_LOSS);
  if (load<u32>(col, COL_KIND) == KIND_DATE) {
    if (micros != 0 && onLoss != ON_LOSS_TRUNCATE) return STATUS_LOSS;
    if (days != <i64><i32>days) return STATUS_RANGE;
    store<i32>(out, <i32>days);
    return 0;
  }
  const unit = load<u32>(col, COL_UNIT), seconds = micros / 1000000;
  if (unit == 6) {
    if (days < -DAYS_IN_MICROSECONDS - 1 || days > DAYS_IN_MICROSECONDS) return STATUS_RANGE;
    // On the last and first day, only a part of it.
    if (days == DAYS_IN_MICROSECONDS && micros > i64.MAX_VALUE - DAYS_IN_MICROSECONDS * DAY_MICROSECONDS) return STATUS_RANGE;
    if (days == -DAYS_IN_MICROSECONDS - 1 && micros < i64.MIN_VALUE + (DAYS_IN_MICROSECONDS + 1) * DAY_MICROSECONDS) return STATUS_RANGE;
  }
  if (unit == 9 && (days < -DAYS_IN_NANOSECONDS - 2 || days > DAYS_IN_NANOSECONDS + 1)) return STATUS_RANGE;
  setFraction(<i32>(micros - seconds * 1000000) * 1000);
  return storeTimestamp(ctx, out, days * 86400 + seconds, 0, unit, 0, onLoss);
}

// Microseconds of a day into a column of times.
function storeMicroseconds(col: usize, out: usize, micros: i64): i32 {
  const seconds = micros / 1000000;
  setFraction(<i32>(micros - seconds * 1000000) * 1000);
  return storeTime(out, <i32>seconds, load<u32>(col, COL_UNIT), load<u32>(col, COL_ON_LOSS));
}

// What `readStamp` read.
let stampDays: i64 = 0, stampMicros: i64 = 0;

// MySQL: u16 year, u8 month, u8 day; then u8 hour, minute, second; then u32 microseconds. What is zero at the end is left out, and then
// all of it: a date that is none.
function readStamp(s: usize, e: usize): i32 {
  const n = e - s;
  if (n == 0) return STATUS_CALENDAR;
  if (n != 4 && n != 7 && n != 11) return STATUS_WIRE;
  const y = <i32>load<u16>(s), m = <i32>load<u8>(s, 2), d = <i32>load<u8>(s, 3);
  if (y > 9999 || !isDate(y, m, d)) return STATUS_CALENDAR;
  stampDays = <i64>daysFromCivil(y, m, d);
  stampMicros = 0;
  if (n == 4) return 0;
  const hour = <i64>load<u8>(s, 4), minute = <i64>load<u8>(s, 5), second = <i64>load<u8>(s, 6), micros = n == 11 ? <i64>load<u32>(s, 7) : 0;
  if (hour > 23 || minute > 59 || second > 59 || micros > 999999) return STATUS_CALENDAR;
  stampMicros = ((hour * 60 + minute) * 60 + second) * 1000000 + micros;
  return 0;
}

export function castDates(ctx: usize, col: usize, wire: u32, s: usize, e: usize, out: usize): i32 {
  if (wire & WIRE_MYSQL) {
    const status = readStamp(s, e);
    return status != 0 ? status : storeDays(ctx, col, out, stampDays, stampMicros);
  }
  if (e - s != 4) return STATUS_WIRE;
  const v = <i32>bswap(load<u32>(s));
  if (v == i32.MIN_VALUE || v == i32.MAX_VALUE) return STATUS_RANGE;
  return storeDays(ctx, col, out, <i64>v + EPOCH_DAYS, 0);
}

export function castTimestamps(ctx: usize, col: usize, wire: u32, s: usize, e: usize, out: usize): i32 {
  if (wire & WIRE_MYSQL) return castDates(ctx, col, wire, s, e, out);
  if (e - s != 8) return STATUS_WIRE;
  const v = <i64>bswap(load<u64>(s));
  if (v == i64.MIN_VALUE || v == i64.MAX_VALUE) return STATUS_RANGE;
  let days = v / DAY_MICROSECONDS, micros = v - days * DAY_MICROSECONDS;
  if (micros < 0) { micros += DAY_MICROSECONDS; days--; }
  return storeDays(ctx, col, out, days + EPOCH_DAYS, micros);
}

// MySQL: u8 whether negative, u32 days, u8 hour, minute, second; then u32 microseconds. Nothing at all is midnight.
export function castTimes(col: usize, wire: u32, s: usize, e: usize, out: usize): i32 {
  const n = e - s;
  if (wire & WIRE_MYSQL) {
    if (n == 0) return storeMicroseconds(col, out, 0);
    if (n != 8 && n != 12) return STATUS_WIRE;
    const hour = <i64>load<u8>(s, 5), minute = <i64>load<u8>(s, 6), second = <i64>load<u8>(s, 7), micros = n == 12 ? <i64>load<u32>(s, 8) : 0;
    if (load<u8>(s) > 1 || hour > 23 || minute > 59 || second > 59 || micros > 999999) return STATUS_WIRE;
    const all = ((hour * 60 + minute) * 60 + second) * 1000000 + micros;
    if (load<u32>(s, 1) != 0 || (load<u8>(s) != 0 && all != 0)) return STATUS_RANGE;
    return storeMicroseconds(col, out, all);
  }
  if (n != 8) return STATUS_WIRE;
  const v = <i64>bswap(load<u64>(s));
  if (v == DAY_MICROSECONDS) return STATUS_CALENDAR;
  if (v < 0 || v > DAY_MICROSECONDS) return STATUS_WIRE;
  return storeMicroseconds(col, out, v);
}
