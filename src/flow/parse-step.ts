import type { IncrementalPlan } from './dataset-plan.ts';
import type { Point } from './point.ts';

const MICROS: Readonly<Record<string, bigint>> = {
  us: 1n,
  ms: 1000n,
  s: 1_000_000n,
  m: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
};

/** How far `15m`, `1d` or `1000` moves a value of a kind; null where that is no distance there: a date moves by days, a number by a number. */
export function parseStep(kind: IncrementalPlan['kind'], text: string): Point | null {
  const parts = /^(\d{1,18})(?:\.(\d{1,9}))?\s*(us|ms|s|m|h|d)?$/.exec(text.trim());
  if (parts === null) return null;
  const [, whole = '', fraction = '', unit] = parts;
  const units = BigInt(whole + fraction);
  if (kind === 'integer' || kind === 'decimal') {
    if (unit !== undefined || (kind === 'integer' && fraction !== '')) return null;
    return { units, scale: fraction.length };
  }
  const micros = unit === undefined ? undefined : MICROS[unit];
  const scale = 10n ** BigInt(fraction.length);
  if (micros === undefined || (units * micros) % scale !== 0n) return null;
  const moved = (units * micros) / scale;
  if (kind !== 'date') return { units: moved, scale: 6 };
  const day = MICROS['d'] as bigint;
  return moved % day === 0n ? { units: moved / day, scale: 0 } : null;
}
