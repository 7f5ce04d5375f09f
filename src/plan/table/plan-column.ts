import type { ColumnPlan, FeaturePlan, WireForm } from '../../flow/dataset-plan.ts';
import type { DescribedColumn } from '../../flow/table-description.ts';
import { quoteIdentifier } from '../../metadata/quote-identifier.ts';
import type { Templates } from '../templates.ts';

/**
 * Decides how a column is selected for a feature: in a binary form where that is exact, else as text, which the rules of CSV fields
 * cast. What no form can hold is noted at `path`.
 */
export function planColumn(
  type: 'postgresql' | 'mysql',
  column: DescribedColumn,
  feature: FeaturePlan,
  path: string,
  templates: Templates,
): ColumnPlan | null {
  const { sql: serverType, kind } = column.type;
  const name = quoteIdentifier(type, column.name);
  if (kind === 'range' || kind === 'composite' || kind === 'other') {
    const message = `${column.name} is ${serverType}, which no feature can hold yet`;
    templates.refuse(path, message, 'Leave it out, or cast it in a query.', 'ATLAS_DB_TYPE');
    return null;
  }
  const wire = kind === 'base' ? wireOf(column, feature) : null;
  if (wire !== null) return { expression: name, wire, serverType };
  const text = type === 'postgresql' ? `${name}::text` : `CAST(${name} AS CHAR)`;
  return { expression: text, wire: { form: 'text' }, serverType };
}

const INTEGERS: Readonly<Record<string, 2 | 4 | 8>> = { smallint: 2, integer: 4, bigint: 8 };

/** The binary form in which a column becomes a feature exactly; null where text is the way. */
function wireOf({ type: { name, unsigned } }: DescribedColumn, { type }: FeaturePlan): WireForm | null {
  const bytes = INTEGERS[name];
  if (bytes !== undefined && type.kind === 'int') return { form: 'int', bytes, signed: !unsigned };
  if ((name === 'text' || name === 'varchar') && (type.kind === 'string' || type.kind === 'json'))
    return { form: 'text' };
  return null;
}
