import type { IncrementalRange } from '../../flow/dataset-plan.ts';

/** The rows of a range, for people. */
export function describeRange({ from, fromInclusive, to, toInclusive }: IncrementalRange): string {
  const begin = from === null ? 'from the first row on' : `${fromInclusive ? 'from' : 'above'} ${from}`;
  return to === null ? begin : `${begin} ${toInclusive ? 'up to' : 'to before'} ${to}`;
}
