import type { IncrementalPlan, IncrementalRange } from '../../../flow/dataset-plan.ts';
import { quoteIdentifier } from '../../../metadata/quote-identifier.ts';
import { castOf } from './cast-of.ts';
import type { Sql } from './sql.ts';

/** The rows of a range by the column that is followed; null: all of them. */
export function rangeCondition(
  { column, serverType }: Pick<IncrementalPlan, 'column' | 'serverType'>,
  { from, fromInclusive, to, toInclusive, nulls }: IncrementalRange,
): Sql | null {
  const name = quoteIdentifier('mysql', column);
  const value = castOf(serverType);
  const parts: string[] = [];
  const values: string[] = [];
  if (from !== null) {
    parts.push(`${name} ${fromInclusive ? '>=' : '>'} ${value}`);
    values.push(from);
  }
  if (to !== null) {
    parts.push(`${name} ${toInclusive ? '<=' : '<'} ${value}`);
    values.push(to);
  }
  if (parts.length === 0) return nulls ? null : { text: `${name} IS NOT NULL`, values };
  const text = parts.join(' AND ');
  return { text: nulls ? `(${text}) OR ${name} IS NULL` : text, values };
}
