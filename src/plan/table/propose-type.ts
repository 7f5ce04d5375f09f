import type { ServerType } from '../../flow/table-description.ts';
import type { TimeUnit } from '../../metadata/logical-type.ts';
import { describeValue } from './describe-value.ts';
import type { Held } from './server-value.ts';

/** Most digits of a decimal. */
const MOST_DIGITS = 38;

/**
 * The narrowest logical type that holds every value of a server's type exactly, as features are written; null where there is none.
 * Decimals of more than 38 digits, or of any number of them, are text. What a server has beside values (NaN among decimals, infinite and
 * zero dates, 24:00) is left to be rejected.
 */
export function proposeType(server: 'postgresql' | 'mysql', type: ServerType): string | null {
  const value = describeValue(server, type);
  return value === null ? null : typeOfHeld(value.held);
}

/** The type of values, as features are written. */
export function typeOfHeld(held: Held): string {
  switch (held.kind) {
    case 'int':
      return held.signed && held.bits === 64 ? 'bigint' : `${held.signed ? '' : 'u'}int${held.bits}`;
    case 'float':
      return held.bits === 32 ? 'real' : 'double';
    case 'decimal': {
      const { precision, scale } = held;
      if (precision === null || scale === null || precision > MOST_DIGITS) return 'string';
      return `decimal(${precision},${scale})`;
    }
    case 'bits': {
      if (!held.number || held.length === null) return 'string';
      return held.length === 1 ? 'boolean' : `uint${[8, 16, 32, 64].find((bits) => bits >= (held.length ?? 64)) ?? 64}`;
    }
    case 'bytes':
      return 'binary';
    case 'array':
      return 'json';
    case 'time':
      return held.daily ? `time(${unitOf(held.digits)})` : 'string';
    case 'timestamp':
      return `${held.zoned ? 'timestamptz' : 'timestamp'}(${unitOf(held.digits)})`;
    case 'text':
    case 'other':
      return 'string';
    default:
      return held.kind;
  }
}

/** The coarsest unit that has so many digits. */
function unitOf(digits: number): TimeUnit {
  return digits === 0 ? 's' : digits <= 3 ? 'ms' : digits <= 6 ? 'us' : 'ns';
}
