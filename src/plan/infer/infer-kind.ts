import type { ColumnProfile } from '../../flow/profile.ts';
import { allOf, countOf, type Verdict, verdictOf } from './guess-verdict.ts';

/**
 * What a column is whose values say themselves what they are: JSON where one is an object or array, text where they are of several kinds,
 * so that each stays as it is written. Null where they are all texts, all numbers or all booleans: then their spelling decides.
 */
export function inferKind({ values, kinds }: ColumnProfile): Verdict | null {
  if (kinds === undefined) return null;
  const { texts, numbers, booleans, nested } = kinds;
  const found = [
    ...(texts > 0 ? [countOf(texts, 'text')] : []),
    ...(numbers > 0 ? [countOf(numbers, 'number')] : []),
    ...(booleans > 0 ? [countOf(booleans, 'boolean')] : []),
    ...(nested > 0 ? [countOf(nested, 'object or array', 'objects or arrays')] : []),
  ];
  if (nested > 0 && found.length === 1) return verdictOf('json', 0.98, [`${allOf(values)} objects or arrays`]);
  if (nested > 0) return verdictOf('json', 0.85, [`values of several kinds: ${found.join(', ')}`]);
  if (found.length > 1)
    return verdictOf('string', 0.6, [`values of several kinds, as they are written: ${found.join(', ')}`]);
  return null;
}
