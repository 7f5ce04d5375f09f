import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import { quoteRelation } from '../../../metadata/quote-identifier.ts';
import { rangeCondition } from './range-condition.ts';
import { allOf, type Sql, sqlOf } from './sql.ts';

/** What the plan names, as it stands behind FROM. */
export function relationOf({ relation, query }: Pick<MysqlSourcePlan, 'relation' | 'query'>): Sql {
  if (relation !== null) return { text: quoteRelation('mysql', relation), values: [] };
  const { text, values } = sqlOf(query ?? { pieces: [''], values: [] });
  // a comment at its end must not take the bracket with it
  return { text: `(\n${text}\n) AS \`atlas_rows\``, values };
}

/** `list` of the plan's rows, as far as its own condition and the others let them in. */
export function selectFrom(plan: MysqlSourcePlan, list: string, others: readonly Sql[] = []): Sql {
  const from = relationOf(plan);
  const conditions = [...(plan.where === null ? [] : [sqlOf(plan.where)]), ...others];
  if (conditions.length === 0) return { text: `SELECT ${list} FROM ${from.text}`, values: from.values };
  const where = allOf(conditions);
  return { text: `SELECT ${list} FROM ${from.text} WHERE ${where.text}`, values: [...from.values, ...where.values] };
}

/** The rows that features are made of, of the plan's range. Without a column there is one that is NULL. */
export function selectRows(plan: MysqlSourcePlan, others: readonly Sql[] = []): Sql {
  const list = plan.columns.flatMap((column) => (column === null ? [] : [column.expression])).join(', ');
  return selectFrom(plan, list === '' ? 'NULL' : list, [...rangeOf(plan), ...others]);
}

/** The condition of the plan's range, where it has one. */
export function rangeOf({ incremental, range }: MysqlSourcePlan): readonly Sql[] {
  const condition = incremental === null || range === undefined ? null : rangeCondition(incremental, range);
  return condition === null ? [] : [condition];
}
