import type { LogicalType, TimeUnit } from '../../metadata/logical-type.ts';
import { decimalOfInt } from './decimal-of-int.ts';

type IntType = LogicalType & { readonly kind: 'int' };
type DecimalType = LogicalType & { readonly kind: 'decimal' };
type FloatType = LogicalType & { readonly kind: 'float' };

const MOST_DIGITS = 38;
/** Integers up to 2^53 (of 2^24) are exact in a double (a real): up to 32 (16) bits. */
const EXACT_BITS: Readonly<Record<32 | 64, number>> = { 32: 16, 64: 32 };
const UNITS: readonly TimeUnit[] = ['s', 'ms', 'us', 'ns'];

/**
 * The narrowest type that holds every value of both types exactly, or null where none does. Text, JSON, dates and booleans widen to
 * nothing: another type would read the same field differently. Timestamps of nanoseconds have a shorter range than the others, so that
 * only themselves widen to them; a zoned timestamp and one without a zone have no type in common.
 */
export function widenType(from: LogicalType, to: LogicalType): LogicalType | null {
  if (from.kind === 'int' && to.kind === 'int') return widenInt(from, to);
  const numbers = [from, to].filter(isNumber);
  if (numbers.length === 2) return widenNumbers(from, to);
  if (from.kind === 'time' && to.kind === 'time') return { kind: 'time', unit: finer(from.unit, to.unit) };
  if (from.kind === 'timestamp' && to.kind === 'timestamp') {
    if (from.zoned !== to.zoned) return null;
    if (from.unit !== to.unit && (from.unit === 'ns' || to.unit === 'ns')) return null;
    return { kind: 'timestamp', unit: finer(from.unit, to.unit), zoned: from.zoned };
  }
  return from.kind === to.kind ? to : null;
}

function isNumber(type: LogicalType): type is IntType | DecimalType | FloatType {
  return type.kind === 'int' || type.kind === 'decimal' || type.kind === 'float';
}

function widenInt(from: IntType, to: IntType): LogicalType | null {
  if (from.signed === to.signed) return from.bits > to.bits ? from : to;
  const [signed, unsigned] = from.signed ? [from, to] : [to, from];
  const bits = Math.max(signed.bits, unsigned.bits * 2);
  if (bits === 8 || bits === 16 || bits === 32 || bits === 64) return { kind: 'int', bits, signed: true };
  return { kind: 'decimal', precision: 20, scale: 0 };
}

function widenNumbers(from: LogicalType, to: LogicalType): LogicalType | null {
  if (from.kind === 'float' && to.kind === 'float') return from.bits > to.bits ? from : to;
  const float = from.kind === 'float' ? from : to.kind === 'float' ? to : null;
  const other = float === from ? to : from;
  if (float !== null) return other.kind === 'int' ? widenIntToFloat(other, float) : null;
  const [a, b] = [asDecimal(from), asDecimal(to)];
  if (holdsDecimal(from, to)) return from;
  if (holdsDecimal(to, from)) return to;
  if (a === null || b === null) return null;
  const scale = Math.max(a.scale, b.scale);
  const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + scale;
  return precision > MOST_DIGITS ? null : { kind: 'decimal', precision, scale };
}

/** A decimal is never exact in a float, but small integers are. */
function widenIntToFloat(int: IntType, float: FloatType): LogicalType | null {
  if (int.bits <= EXACT_BITS[float.bits]) return float;
  return int.bits <= EXACT_BITS[64] ? { kind: 'float', bits: 64 } : null;
}

/** Whether a signed integer holds every value of a decimal without fraction. */
function holdsDecimal(type: LogicalType, decimal: LogicalType): boolean {
  if (type.kind !== 'int' || !type.signed || decimal.kind !== 'decimal') return false;
  return decimal.scale === 0 && 10n ** BigInt(decimal.precision) <= 1n << BigInt(type.bits - 1);
}

function asDecimal(type: LogicalType): DecimalType | null {
  if (type.kind === 'decimal') return type;
  return type.kind === 'int' ? decimalOfInt(type) : null;
}

function finer(a: TimeUnit, b: TimeUnit): TimeUnit {
  return UNITS.indexOf(a) > UNITS.indexOf(b) ? a : b;
}
