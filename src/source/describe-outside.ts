import type { ValueRange } from '../flow/dataset-plan.ts';
import { spellPoint } from '../flow/spell-point.ts';
import { type LogicalType, nameLogicalType, type TimeUnit } from '../metadata/logical-type.ts';

const PER_SECOND: Readonly<Record<TimeUnit, bigint>> = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n };

/** That a value is out of the range of its type, or of what the destination holds of it. */
export function describeOutside(type: LogicalType, range: ValueRange | undefined): string {
  const name = nameLogicalType(type);
  if (range === undefined) return `outside the range of ${name}`;
  const [least, greatest] = [spell(type, range.least), spell(type, range.greatest)];
  return `outside what the destination holds of ${name} (${least} to ${greatest})`;
}

function spell(type: LogicalType, text: string): string {
  const value = BigInt(text);
  if (type.kind !== 'timestamp') return spellPoint('date', { units: value, scale: 0 });
  const per = PER_SECOND[type.unit];
  const part = ((value % per) + per) % per;
  const whole = spellPoint('timestamp', { units: (value - part) / per, scale: 0 });
  return part === 0n ? whole : `${whole}.${String(part).padStart(String(per).length - 1, '0')}`;
}
