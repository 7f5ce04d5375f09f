import type { IncrementalPlan } from './dataset-plan.ts';

type Kind = IncrementalPlan['kind'];

/** Where a value stands in the order of its column, exactly: `units` / 10^`scale`, of days for a date, of seconds since 1970 for a time. */
export interface Point {
  readonly units: bigint;
  readonly scale: number;
}

const MOMENT =
  /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?( BC)?$/;

/**
 * Reads a value as a server prints it, or as people write it for `initial`, `--since`, `--from`: a time may lack its seconds, or be a
 * day. null where it has no place in the order of its kind (NaN, infinity, a zero date, an offset where the column knows none).
 */
export function parsePoint(kind: Kind, text: string): Point | null {
  if (kind === 'integer') return /^[+-]?\d+$/.test(text) ? { units: BigInt(unsigned(text)), scale: 0 } : null;
  if (kind === 'decimal') return parseDecimal(text);
  return parseMoment(kind, text);
}

/** Negative, zero or positive, as `a` stands before, at or after `b`. */
export function comparePoints(a: Point, b: Point): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = atScale(a, scale) - atScale(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `point` + `times` × `step`. */
export function movePoint(point: Point, step: Point, times: bigint): Point {
  const scale = Math.max(point.scale, step.scale);
  return { units: atScale(point, scale) + times * atScale(step, scale), scale };
}

/** Days of the proleptic Gregorian calendar since 1970-01-01; year 0 is 1 BC. */
export function daysOf(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

function atScale({ units, scale }: Point, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function unsigned(text: string): string {
  return text.startsWith('+') ? text.slice(1) : text;
}

function parseDecimal(text: string): Point | null {
  const parts = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return null;
  const [, sign, whole = '', fraction = ''] = parts;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

function parseMoment(kind: Kind, text: string): Point | null {
  const parts = MOMENT.exec(text);
  if (parts === null) return null;
  const [, year = '', month = '', day = '', hour, minute = '0', second = '0', fraction = '', offset, era] = parts;
  const known = era === undefined ? Number(year) : 1 - Number(year);
  if (Number(year) === 0 || !isDay(known, Number(month), Number(day))) return null;
  const days = daysOf(known, Number(month), Number(day));
  if (kind === 'date') return hour === undefined && offset === undefined ? { units: BigInt(days), scale: 0 } : null;
  if (Number(hour ?? 0) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (offset !== undefined && (kind !== 'timestamptz' || hour === undefined)) return null;
  const seconds = days * 86_400 + Number(hour ?? 0) * 3600 + Number(minute) * 60 + Number(second) - secondsOf(offset);
  return { units: BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0')), scale: 6 };
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return day <= daysOf(nextYear, nextMonth, 1) - daysOf(year, month, 1);
}

function secondsOf(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0;
  const digits = offset.slice(1).replaceAll(':', '').padEnd(6, '0');
  const [hours, minutes, seconds] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].map(Number);
  const size = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return offset.startsWith('-') ? -size : size;
}
