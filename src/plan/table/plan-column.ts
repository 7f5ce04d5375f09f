import type { ErrorCode } from '../../errors.ts';
import type { ColumnPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { DescribedColumn } from '../../flow/table-description.ts';
import { quoteIdentifier } from '../../metadata/quote-identifier.ts';
import { describeValue } from './describe-value.ts';
import { matchColumn } from './match-column.ts';

/** Why a feature cannot take a column. */
export interface ColumnRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** What is selected by a feature that is as fine as the column; null where none can be. */
  readonly column: ColumnPlan | null;
}

/**
 * Decides how a column is selected for a feature: in a binary form where that is exact, else as text, which the rules of CSV fields
 * cast. Pure.
 */
export function planColumn(
  server: 'postgresql' | 'mysql',
  { name, type }: Pick<DescribedColumn, 'name' | 'type'>,
  feature: Pick<FeaturePlan, 'name' | 'type' | 'onLoss' | 'timezone'>,
): ColumnPlan | ColumnRefusal {
  const value = describeValue(server, type);
  if (value === null) return refuseColumn(server, { name, type });
  const matched = matchColumn(value, feature);
  const plan = ({ sql, wire }: Pick<Extract<typeof matched, { wire: unknown }>, 'sql' | 'wire'>): ColumnPlan => ({
    expression: sql(quoteIdentifier(server, name)),
    wire,
    serverType: type.sql,
  });
  if (!('problem' in matched)) return plan(matched);
  const { code, problem, hint, selection } = matched;
  const of = name === feature.name ? '' : ` (feature ${feature.name})`;
  const message = `column ${JSON.stringify(name)}${of} is ${type.sql}, ${problem}`;
  return { code, message, hint, column: selection === null ? null : plan(selection) };
}

/** That no feature can hold a column's type. */
export function refuseColumn(
  server: 'postgresql' | 'mysql',
  { name, type }: Pick<DescribedColumn, 'name' | 'type'>,
): ColumnRefusal {
  const message = `column ${JSON.stringify(name)} is ${type.sql}, which no feature can hold`;
  const quoted = quoteIdentifier(server, name);
  const cast = server === 'postgresql' ? `${quoted}::text` : `ST_AsText(${quoted}), CAST(${quoted} AS CHAR)`;
  const hint = `Leave it out, or select it as text in a query (${cast}).`;
  return { code: 'ATLAS_DB_TYPE', message, hint, column: null };
}
