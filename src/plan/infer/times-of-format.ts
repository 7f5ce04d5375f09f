import type { ColumnProfile, TimeReading } from '../../flow/profile.ts';
import { timesOf } from './merge-profiles.ts';

/** Directives that say the same, as profiles write them. */
const SAME: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  e: '%d',
  h: '%b',
  B: '%b',
  A: '%a',
};
/** What a profile looks for: no more parts than this, of these. */
const PARTS = 16;
const KNOWN = /^(?:%[YymbdaHIpMSfzZ]|[/\-.,: T])*$/;
/** Dates without separators, of which profiles count those of likely years only. */
const COMPACT = '%Y%m%d';

/**
 * The dates or times of a column that a pattern reads; null where there is none, `unknown` where a profile does not look for the
 * pattern.
 */
export function timesOfFormat(
  column: ColumnProfile,
  kind: TimeReading['kind'],
  format: string | null,
): TimeReading | 'unknown' | null {
  if (format === null) return timesOf(column.times, { kind, format });
  const pattern = format.replaceAll(/%([A-Za-z])/g, (whole, letter: string) => SAME[letter] ?? whole);
  const found = timesOf(column.times, { kind, format: pattern });
  if (found?.values === column.values) return found;
  const parts = pattern.match(/%.|[^%]/g) ?? [];
  const adjacent = /%[A-Za-z]%(?![pfzZ])/.test(pattern);
  // A number before a name, or names that UTC and an offset share, can be read in more ways than one.
  const unsure =
    !KNOWN.test(pattern) || parts.length > PARTS || adjacent || pattern.startsWith(COMPACT) || pattern.includes('%Z');
  return unsure ? 'unknown' : found;
}
