import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { RowQuery } from '../connection/row-stream.ts';
import { selectRows } from '../sql/select-from.ts';
import type { Sql } from '../sql/sql.ts';
import { checkResult } from './check-result.ts';

/** How the rows of conditions are asked for, in so many pieces at most. */
export function queryOf(plan: MysqlSourcePlan, conditions: readonly Sql[], pieces: number): RowQuery {
  const { text, values } = selectRows(plan, conditions);
  const { path, sliceBytes: pieceBytes } = plan;
  return { sql: text, values, path, pieceBytes, pieces, check: (columns) => checkResult(plan, columns) };
}
