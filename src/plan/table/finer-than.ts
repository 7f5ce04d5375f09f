import type { LogicalType, TimeUnit } from '../../metadata/logical-type.ts';
import type { Held } from './server-value.ts';

const DIGITS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** Whether a server's type is known to have values between those of a feature's type. What is only larger is not finer. */
export function finerThan(held: Held, type: LogicalType): boolean {
  switch (held.kind) {
    case 'decimal':
      if (type.kind !== 'int' && type.kind !== 'decimal') return false;
      return (held.scale ?? 0) > (type.kind === 'decimal' ? type.scale : 0);
    case 'float':
      return type.kind === 'float' && held.bits > type.bits;
    case 'time':
      return type.kind === 'time' && held.digits > DIGITS[type.unit];
    case 'timestamp':
      return type.kind === 'date' || (type.kind === 'timestamp' && held.digits > DIGITS[type.unit]);
    default:
      return false;
  }
}
