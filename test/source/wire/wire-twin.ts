import type { OnLoss } from '../../../src/flow/dataset-plan.ts';
import type { LogicalType, TimeUnit } from '../../../src/metadata/logical-type.ts';
import { castFloatBits, type TwinCast, type TwinProblem } from '../../kernel/csv-twin-cast.ts';

/** What a cell says, whoever sent it. */
export type Meaning =
  /** digits / 10^scale; `exact`: a float must hold it exactly. */
  | { readonly kind: 'number'; readonly digits: bigint; readonly scale: number; readonly exact: boolean }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'nan' | 'infinite' | '-infinite' }
  /** Microseconds since 1970, without zone. */
  | { readonly kind: 'instant'; readonly micros: bigint }
  | { readonly kind: 'clock'; readonly micros: bigint }
  | { readonly kind: 'never' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'bytes'; readonly hex: string };

const bad = (problem: TwinProblem): TwinCast => ({ problem });
const good = (value: bigint | string | boolean): TwinCast => ({ value });
const DAY = 86_400_000_000n;

/** The obvious cast of a meaning to a type. */
export function castMeaning(meaning: Meaning, type: LogicalType, onLoss: OnLoss): TwinCast {
  switch (meaning.kind) {
    case 'number':
      return castNumber(meaning.digits, meaning.scale, meaning.exact, type, onLoss);
    case 'float':
      return castFloat(meaning.value, type);
    case 'nan':
    case 'infinite':
    case '-infinite':
      if (type.kind !== 'float') return bad('RANGE');
      return castFloatBits(meaning.kind.replace('infinite', 'infinity'), type.bits);
    case 'instant':
      return castInstant(meaning.micros, type, onLoss);
    case 'clock':
      return castClock(meaning.micros, type, onLoss);
    case 'never':
      return bad('CALENDAR');
    case 'boolean':
      return good(meaning.value);
    case 'bytes':
      return good(meaning.hex);
  }
}

function castNumber(digits: bigint, scale: number, exact: boolean, type: LogicalType, onLoss: OnLoss): TwinCast {
  switch (type.kind) {
    case 'boolean':
      return scale === 0 && (digits === 0n || digits === 1n) ? good(digits === 1n) : bad('RANGE');
    case 'float': {
      const cast = castFloatBits(`${digits}e${-scale}`, type.bits);
      const keeps = !exact || onLoss === 'round' || onLoss === 'truncate' || isFloat(digits, type.bits);
      return keeps ? cast : bad('LOSS');
    }
    case 'int': {
      // As of integers in text, what is beyond 64 bits is out of range first.
      if (magnitude(toScale(digits, scale, 0, 'truncate') ?? 0n) >= 1n << 64n) return bad('RANGE');
      const cast = toScale(digits, scale, 0, onLoss);
      if (cast === null) return bad('LOSS');
      const least = type.signed ? -(1n << BigInt(type.bits - 1)) : 0n;
      const most = (1n << BigInt(type.signed ? type.bits - 1 : type.bits)) - 1n;
      return cast < least || cast > most ? bad('RANGE') : good(cast);
    }
    case 'decimal': {
      const whole = toScale(digits, scale, type.scale, 'truncate') ?? 0n;
      const bound = 10n ** BigInt(type.precision);
      if (magnitude(whole) >= bound) return bad('RANGE');
      const cast = toScale(digits, scale, type.scale, onLoss);
      if (cast === null) return bad('LOSS');
      return magnitude(cast) >= bound ? bad('RANGE') : good(cast);
    }
    default:
      throw new Error(`no number becomes ${type.kind}`);
  }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Towards zero, or halves away from it; null where digits would go. */
function toScale(digits: bigint, from: number, to: number, onLoss: OnLoss): bigint | null {
  if (to >= from) return digits * 10n ** BigInt(to - from);
  const divisor = 10n ** BigInt(from - to);
  const rest = magnitude(digits) % divisor;
  const whole = magnitude(digits) / divisor;
  if (rest !== 0n && (onLoss === 'reject' || onLoss === 'null')) return null;
  const rounded = onLoss === 'round' && rest * 2n >= divisor ? whole + 1n : whole;
  return digits < 0n ? -rounded : rounded;
}

function isFloat(value: bigint, bits: 32 | 64): boolean {
  let odd = magnitude(value);
  while (odd !== 0n && odd % 2n === 0n) odd /= 2n;
  return odd < 1n << (bits === 32 ? 24n : 53n);
}

function castFloat(value: number, type: LogicalType): TwinCast {
  if (type.kind !== 'float') throw new Error(`no float becomes ${type.kind}`);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  if (type.bits === 64) return good(view.getBigUint64(0));
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) return bad('RANGE');
  view.setFloat32(0, value);
  return good(BigInt(view.getUint32(0)));
}

const NANOS: Readonly<Record<TimeUnit, bigint>> = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };

/** Nanoseconds in the unit: towards the past, or half up. */
function toUnit(nanos: bigint, unit: TimeUnit, onLoss: OnLoss): bigint | null {
  const divisor = NANOS[unit];
  const rest = ((nanos % divisor) + divisor) % divisor;
  if (rest !== 0n && (onLoss === 'reject' || onLoss === 'null')) return null;
  const floor = (nanos - rest) / divisor;
  return onLoss === 'round' && rest * 2n >= divisor ? floor + 1n : floor;
}

function castInstant(micros: bigint, type: LogicalType, onLoss: OnLoss): TwinCast {
  if (type.kind === 'date') {
    const rest = ((micros % DAY) + DAY) % DAY;
    if (rest !== 0n && onLoss !== 'truncate') return bad('LOSS');
    const days = (micros - rest) / DAY;
    return BigInt.asIntN(32, days) === days ? good(days) : bad('RANGE');
  }
  if (type.kind !== 'timestamp') throw new Error(`no instant becomes ${type.kind}`);
  const value = toUnit(micros * 1000n, type.unit, onLoss);
  if (value === null) return bad('LOSS');
  return BigInt.asIntN(64, value) === value ? good(value) : bad('RANGE');
}

function castClock(micros: bigint, type: LogicalType, onLoss: OnLoss): TwinCast {
  if (type.kind !== 'time') throw new Error(`no time becomes ${type.kind}`);
  if (micros < 0n || micros >= DAY) return bad('RANGE');
  const value = toUnit(micros * 1000n, type.unit, onLoss);
  if (value === null) return bad('LOSS');
  return value * NANOS[type.unit] >= DAY * 1000n ? bad('RANGE') : good(value);
}
