import type { ColumnProfile } from '../../flow/profile.ts';

/** Usual spellings of null that are a value of a float too. */
export const NAN_SPELLINGS: ReadonlySet<string> = new Set(['NaN', 'nan', 'NAN', '-NaN', '-nan']);

/** Which fields a source takes for null. */
export interface NullRules {
  readonly nullValues: readonly string[];
  readonly quotedNulls: boolean;
}

/** Fields of a column that are null by the rules of a source. */
export function countNulls(column: ColumnProfile, { nullValues, quotedNulls }: NullRules): number {
  const isNull = ({ text }: { readonly text: string }): boolean => nullValues.includes(text);
  const sum = (counts: ColumnProfile['nulls']): number =>
    counts.filter(isNull).reduce((total, { fields }) => total + fields, 0);
  const empty = nullValues.includes('') ? column.empty + (quotedNulls ? column.quotedEmpty : 0) : 0;
  return empty + sum(column.nulls) + (quotedNulls ? sum(column.quotedNulls) : 0);
}
