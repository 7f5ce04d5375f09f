import { AtlasError } from '../../../errors.ts';
import type { Constant, FeaturePlan, ValueRange } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType, type TimeUnit } from '../../../metadata/logical-type.ts';
import { describeOutside } from '../../describe-outside.ts';
import { PER_SECOND } from './cast-time.ts';

/** What constants stand for in one file. */
export interface ConstantFacts {
  /** What `@file` says. */
  readonly file: string;
  /** Microseconds since 1970. */
  readonly loadedAt: bigint;
}

/**
 * The bytes of a constant: of texts the text itself, else the value as a batch holds it (of a boolean a byte, 0 or 1).
 * Fails with ATLAS_META_INVALID where a text is not of the type, or out of its range.
 */
export function constantValue(
  constant: Constant,
  feature: Pick<FeaturePlan, 'name' | 'type' | 'range'>,
  facts: ConstantFacts,
): Uint8Array {
  const { name, type, range } = feature;
  if (constant.kind === 'file') return Buffer.from(facts.file);
  if (constant.kind === 'loaded_at') return int64(scaled(facts.loadedAt, type));
  if (constant.kind === 'line') return new Uint8Array(0);
  const value = cast(constant.text, type);
  if (value !== null && range !== undefined && !isWithin(value, range)) {
    throw new AtlasError('ATLAS_META_INVALID', `the value of feature ${name} is ${describeOutside(type, range)}`);
  }
  if (value !== null) return value;
  throw new AtlasError('ATLAS_META_INVALID', `the value of feature ${name} is not written as ${nameLogicalType(type)}`);
}

function isWithin(bytes: Uint8Array, { least, greatest }: ValueRange): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const value = bytes.length === 4 ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true);
  return value >= BigInt(least) && value <= BigInt(greatest);
}

function scaled(microseconds: bigint, type: LogicalType): bigint {
  const unit = type.kind === 'timestamp' ? type.unit : 'us';
  if (unit === 'ns') return microseconds * 1000n;
  const divisor = 1_000_000n / PER_SECOND[unit];
  const rest = ((microseconds % divisor) + divisor) % divisor;
  return (microseconds - rest) / divisor;
}

function cast(text: string, type: LogicalType): Uint8Array | null {
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return castExact(text, type);
    case 'float': {
      const value = /^[+-]?(inf|infinity|nan|\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?)$/i.test(text)
        ? floatOf(text)
        : null;
      if (value === null) return null;
      const bytes = type.bits === 64 ? new Float64Array([value]) : new Float32Array([value]);
      return new Uint8Array(bytes.buffer);
    }
    case 'boolean':
      return text === 'true' || text === 'false' ? Uint8Array.of(Number(text === 'true')) : null;
    case 'uuid': {
      const hex = text.replace(/[{}-]/g, '');
      return /^[0-9a-f]{32}$/i.test(hex) ? Buffer.from(hex, 'hex') : null;
    }
    case 'date': {
      const days = daysOf(text);
      return days === null ? null : new Uint8Array(Int32Array.of(days).buffer);
    }
    case 'time':
    case 'timestamp':
      return castTimeText(text, type);
    case 'json':
      return isJson(text) ? Buffer.from(text) : null;
    default:
      return Buffer.from(text);
  }
}

function floatOf(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  if (/inf/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

function castExact(text: string, type: Extract<LogicalType, { kind: 'int' | 'decimal' }>): Uint8Array | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  const scale = type.kind === 'decimal' ? type.scale : 0;
  const fraction = (match?.[3] ?? '').replace(/0+$/, '');
  if (match === null || `${match[2]}${match[3] ?? ''}` === '' || fraction.length > scale) return null;
  const magnitude = BigInt(`${match[2]}${fraction.padEnd(scale, '0')}` || '0');
  const value = match[1] === '-' ? -magnitude : magnitude;
  if (type.kind === 'decimal') {
    if (magnitude >= 10n ** BigInt(type.precision)) return null;
    return Buffer.concat([int64(value), int64(value >> 64n)]);
  }
  const fits = type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
  return fits === value ? int64(value).subarray(0, type.bits / 8) : null;
}

function castTimeText(text: string, type: Extract<LogicalType, { kind: 'time' | 'timestamp' }>): Uint8Array | null {
  const match =
    /^(?:(\d{4}-\d{2}-\d{2}))?(?:[T ]?(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (match === null) return null;
  const [, date, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  if ((date === undefined) !== (type.kind === 'time')) return null;
  if (zone !== undefined && (type.kind === 'time' || !type.zoned)) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const days = date === undefined ? 0 : daysOf(date);
  const digits = fraction.replace(/0+$/, '');
  const places = String(PER_SECOND[type.unit]).length - 1;
  if (days === null || digits.length > places) return null;
  const seconds = days * 86_400 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - offsetOf(zone);
  const count = BigInt(seconds) * PER_SECOND[type.unit] + BigInt(digits.padEnd(places, '0') || '0');
  if (BigInt.asIntN(64, count) !== count) return null;
  return type.kind === 'time' && isNarrow(type.unit) ? int64(count).subarray(0, 4) : int64(count);
}

function isNarrow(unit: TimeUnit): boolean {
  return unit === 's' || unit === 'ms';
}

/** Seconds ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(-2)) * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

function daysOf(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const date = new Date(`${text}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  return real ? date.getTime() / 86_400_000 : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function int64(value: bigint): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt.asIntN(64, value)).buffer);
}
