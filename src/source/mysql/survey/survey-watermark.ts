import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable } from '../../../flow/source.ts';
import type { TableDescription } from '../../../flow/table-description.ts';
import type { SurveyedWatermark } from '../../../flow/watermark.ts';
import { quoteIdentifier } from '../../../metadata/quote-identifier.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { rangeOf, selectFrom } from '../sql/select-from.ts';
import type { Sql } from '../sql/sql.ts';

/** What stands in the column that is followed, and the plan whose range ends there. Null where the plan has no range. */
export async function surveyWatermark(
  plan: MysqlSourcePlan,
  description: TableDescription,
  session: MysqlSession,
  options: Abortable,
): Promise<{ readonly plan: MysqlSourcePlan; readonly watermark: SurveyedWatermark; readonly empty: boolean } | null> {
  const { incremental, range } = plan;
  if (incremental === null || range === undefined) return null;
  const found = description.columns.find(({ name }) => name === incremental.column);
  const column = quoteIdentifier('mysql', incremental.column);
  const what = `look for the greatest ${incremental.column} of ${plan.path}`;
  const ask = async (sql: Sql): Promise<string | null> => {
    const [[value = null] = []] = await session.ask(sql.text, options, sql.values, what);
    return value;
  };
  // the text of the greatest value, not the greatest text
  const reached = await ask(selectFrom(plan, `CAST(MAX(${column}) AS CHAR)`, rangeOf(plan)));
  const nullable = description.kind === 'query' || found?.nullable !== false;
  const none = { text: `${column} IS NULL`, values: [] };
  const nulls = nullable ? Number(await ask(selectFrom(plan, 'CAST(COUNT(*) AS CHAR)', [none]))) : 0;
  const ended = range.to === null && reached !== null ? { ...range, to: reached, toInclusive: true } : range;
  return {
    plan: { ...plan, range: ended },
    watermark: { serverType: found?.type.sql ?? incremental.serverType, reached, nulls },
    empty: reached === null && (!range.nulls || nulls === 0),
  };
}
