import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { RowStatement } from './row-feed.ts';
import { selectSql } from './select-sql.ts';

/** Whether rows come by COPY: it is the faster way, and takes no bound values. */
export function readsByCopy({ extraction, query, where }: PostgresSourcePlan): boolean {
  const bound = (query?.values.length ?? 0) + (where?.values.length ?? 0);
  return extraction !== 'cursor' && bound === 0;
}

/** The statement that reads a slice of the plan's rows; null = all of them. */
export function rowStatement(plan: PostgresSourcePlan, condition: string | null): RowStatement {
  const { fetchRows, path } = plan;
  const doing = `reading ${path}`;
  if (readsByCopy(plan)) {
    const copy = selectSql(plan, { condition }, 'COPY (', ') TO STDOUT (FORMAT binary)');
    return { ...copy, mode: 'copy', fetchRows, doing };
  }
  return { ...selectSql(plan, { condition }), mode: 'rows', fetchRows, doing };
}
