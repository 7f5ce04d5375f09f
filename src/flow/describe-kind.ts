import type { IncrementalPlan } from './dataset-plan.ts';

/** How people write a value of a kind, with an example. */
export function describeKind(kind: IncrementalPlan['kind']): string {
  return KINDS[kind];
}

const KINDS: Readonly<Record<IncrementalPlan['kind'], string>> = {
  integer: 'a whole number (41000)',
  decimal: 'a number (41000.50)',
  date: 'a day (2024-05-31)',
  timestamp: 'a day or a time without a zone (2024-05-31 12:30:00)',
  timestamptz: 'a day, or a time with or without an offset (2024-05-31T12:30:00Z; without one it is UTC)',
};
