import type { FeaturePlan } from '../../flow/dataset-plan.ts';
import type { ColumnProfile, NumberReading } from '../../flow/profile.ts';
import type { LogicalType, TimeUnit } from '../../metadata/logical-type.ts';
import { decimalOfInt } from './decimal-of-int.ts';
import { readingOf } from './merge-profiles.ts';
import { countNulls, NAN_SPELLINGS, type NullRules } from './null-spellings.ts';
import { timesOfFormat } from './times-of-format.ts';
import { widenType } from './widen-type.ts';

/** What of a declared feature decides how its fields are read. */
export type DeclaredFeature = Pick<FeaturePlan, 'type' | 'format' | 'style' | 'onLoss'>;

/** What of a source decides what is null, true and false. */
export interface FieldRules extends NullRules {
  readonly trueValues: readonly string[];
  readonly falseValues: readonly string[];
}

const MOST_DIGITS = 38;
const FINEST = 9;
const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];
/** Powers of ten that every value below them fits a single. */
const REAL_MAGNITUDE = 38;
/** Years that nanoseconds reach all of. */
const NANO_YEARS = { least: 1678, greatest: 2261 };

/**
 * What the type of a declared feature must become so that every value of a column fits: `same` where it fits, null where no widening
 * helps. Nullability is another question (`countNulls`). Where the profile cannot tell (formats that it does not look for), it fits.
 */
export function widenToProfile(
  feature: DeclaredFeature,
  column: ColumnProfile,
  rules: FieldRules,
): LogicalType | 'same' | null {
  const { type } = feature;
  if (type.kind === 'string') return column.invalid > 0 ? null : 'same';
  if (type.kind === 'binary') return 'same';
  if (strays(feature, column, rules) > 0) return null;
  const all = column.values;
  if (all === 0) return 'same';
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'decimal':
      return widenNumber(feature, column);
    case 'boolean':
      return countBooleans(column, rules) === all ? 'same' : null;
    case 'uuid':
      return column.uuids === all ? 'same' : null;
    case 'json':
      return column.json === all ? 'same' : null;
    case 'date':
    case 'time':
    case 'timestamp':
      return widenTime(feature, column);
  }
}

/** Fields that the profile leaves out of the values, and that are no null by the rules. */
function strays({ type, style }: DeclaredFeature, column: ColumnProfile, rules: FieldRules): number {
  const apart = column.fields - column.values - countNulls(column, rules);
  const takesNan = type.kind === 'float' && style?.percent == null;
  const isFree = ({ text }: { readonly text: string }, quoted: boolean): boolean =>
    NAN_SPELLINGS.has(text) && !(rules.nullValues.includes(text) && (!quoted || rules.quotedNulls));
  const sum = (counts: ColumnProfile['nulls'], quoted: boolean): number =>
    counts.filter((each) => isFree(each, quoted)).reduce((total, { fields }) => total + fields, 0);
  return takesNan ? apart - sum(column.nulls, false) - sum(column.quotedNulls, true) : apart;
}

function countBooleans(column: ColumnProfile, { trueValues, falseValues }: FieldRules): number {
  const known = new Set([...trueValues, ...falseValues]);
  return column.booleans.reduce((sum, { text, fields }) => sum + (known.has(text) ? fields : 0), 0);
}

function widenNumber(feature: DeclaredFeature, column: ColumnProfile): LogicalType | 'same' | null {
  const { type, style } = feature;
  const spelling = { decimal: style?.decimal ?? '.', thousands: style?.thousands ?? null } as const;
  const reading = readingOf(column.numbers, spelling);
  if (reading === null || reading.values !== column.values || !signsFit(feature, column)) return null;
  const shift = style?.percent === 'fraction' ? 2 : 0;
  if (type.kind === 'float') {
    if (reading.beyondDouble > 0) return null;
    return type.bits === 64 || reading.magnitude - shift <= REAL_MAGNITUDE ? 'same' : { kind: 'float', bits: 64 };
  }
  const needed = neededNumber(type, reading, shift, feature.onLoss);
  if (needed === null) return null;
  // An integer is not read from a text with a point or an exponent, whatever its value.
  const declared =
    type.kind === 'int' && needed.kind === 'decimal' && isSpelledOut(reading) ? decimalOfInt(type) : type;
  return settle(type, widenType(declared, needed));
}

function isSpelledOut({ fractions, exponents }: NumberReading): boolean {
  return fractions + exponents > 0;
}

function settle(type: LogicalType, widened: LogicalType | null): LogicalType | 'same' | null {
  return widened !== null && JSON.stringify(widened) === JSON.stringify(type) ? 'same' : widened;
}

/** A percent sign must stand in every value, a currency may, and nothing else. */
function signsFit({ style }: DeclaredFeature, { signs, values }: ColumnProfile): boolean {
  const wanted = style?.percent == null ? style?.currency : '%';
  if (signs.some(({ text }) => text !== wanted)) return false;
  return style?.percent == null || signs.reduce((sum, { fields }) => sum + fields, 0) === values;
}

/** The narrowest type that a reading needs beside a declared one, or null where it has none. */
function neededNumber(
  type: LogicalType,
  reading: NumberReading,
  shift: number,
  onLoss: FeaturePlan['onLoss'],
): LogicalType | null {
  const { named, exponents, fractions, digitsBefore } = reading;
  if (named > 0) return { kind: 'float', bits: 64 };
  const whole = Math.max(digitsBefore - shift, 0);
  const scale = reading.scale + shift;
  // Digits that are cut off need no room; what is too large is null with them.
  const cuts = onLoss !== 'reject';
  if (type.kind === 'decimal') {
    if (onLoss === 'null') return type;
    return decimalOf(whole, cuts ? Math.min(scale, type.scale) : scale);
  }
  if (exponents > 0) return decimalOf(whole, scale);
  if (fractions === 0 && shift === 0) return onLoss === 'null' ? type : neededInt(type, reading);
  if (!cuts) return decimalOf(whole, scale);
  const bits = onLoss === 'null' ? 8 : ([8, 16, 32, 64] as const).find((each) => whole <= SURE_DIGITS[each]);
  return bits === undefined ? decimalOf(whole, 0) : { kind: 'int', bits, signed: true };
}

/** Digits of which every number fits an integer of so many bits. */
const SURE_DIGITS = { 8: 2, 16: 4, 32: 9, 64: 18 } as const;

function decimalOf(before: number, scale: number): LogicalType | null {
  const precision = Math.max(1, before + scale);
  return precision > MOST_DIGITS ? null : { kind: 'decimal', precision, scale };
}

/** An integer of the declared kind of sign where that will do. */
function neededInt(type: LogicalType, { least, greatest, digitsBefore }: NumberReading): LogicalType | null {
  if (digitsBefore > MOST_DIGITS) return null;
  const [from, to] = [BigInt(least ?? 0), BigInt(greatest ?? 0)];
  const unsignedFirst = type.kind === 'int' && !type.signed && from >= 0n;
  for (const signed of unsignedFirst ? [false] : [true, false]) {
    for (const bits of [8, 16, 32, 64] as const) {
      const top = 1n << BigInt(signed ? bits - 1 : bits);
      if (to < top && from >= (signed ? -top : 0n)) return { kind: 'int', bits, signed };
    }
  }
  return decimalOf(Math.max(...[from, to].map((bound) => `${bound < 0n ? -bound : bound}`.length)), 0);
}

function widenTime({ type, format, onLoss }: DeclaredFeature, column: ColumnProfile): LogicalType | 'same' | null {
  if (type.kind !== 'date' && type.kind !== 'time' && type.kind !== 'timestamp') return null;
  const reading = timesOfFormat(column, type.kind, format);
  if (reading === 'unknown') return 'same';
  if (reading === null || reading.values !== column.values) return null;
  if (type.kind === 'date') return 'same';
  if (type.kind === 'timestamp' && !type.zoned && reading.zoned > 0) return null;
  const { finest, years } = reading;
  const cuts = onLoss !== 'reject';
  const digits = { s: 0, ms: 3, us: 6, ns: FINEST }[type.unit];
  const reached = years === null || (years.least >= NANO_YEARS.least && years.greatest <= NANO_YEARS.greatest);
  if (type.unit === 'ns' && !reached) return null;
  if (cuts || finest <= digits) return 'same';
  const unit = UNITS[Math.ceil(finest / 3)];
  return unit === undefined ? null : settle(type, widenType(type, { ...type, unit }));
}
