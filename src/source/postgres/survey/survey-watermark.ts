import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { SurveyedWatermark } from '../../../flow/watermark.ts';
import { quoteIdentifier } from '../../../metadata/quote-identifier.ts';
import type { Session } from '../connection/session.ts';
import { selectSql } from '../read/select-sql.ts';

/** How far the rows of the plan's range reach, and how many have no value; null where the plan has no range. Fails with ATLAS_DB_*. */
export async function surveyWatermark(
  session: Session,
  plan: PostgresSourcePlan,
  options: Abortable,
): Promise<SurveyedWatermark | null> {
  const { incremental, range, path } = plan;
  if (incremental === null || range === undefined) return null;
  const column = quoteIdentifier('postgresql', incremental.column);
  const ask = async (list: string, condition: string | null, anyRange: boolean): Promise<string | null> => {
    const statement = selectSql(plan, { list, condition, anyRange });
    const [row] = await session.rows(statement, `looking how far ${path} reaches`, options);
    return row?.[0] ?? null;
  };
  const reached = await ask(`max(${column})::text`, null, false);
  const nulls = await ask('count(*)', `${column} IS NULL`, true);
  return { serverType: incremental.serverType, reached, nulls: Number(nulls ?? 0) };
}
