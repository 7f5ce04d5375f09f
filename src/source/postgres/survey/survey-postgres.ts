import { AtlasError } from '../../../errors.ts';
import type { PostgresSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable, Survey } from '../../../flow/source.ts';
import type { Task } from '../../../flow/task.ts';
import type { Session } from '../connection/session.ts';
import { describeWithin } from '../describe/describe-within.ts';
import { readsByCopy } from '../read/row-statement.ts';
import { selectSql } from '../read/select-sql.ts';
import { compareWithPlan } from './compare-with-plan.ts';
import { cutTable } from './cut-table.ts';
import { estimateRows } from './estimate-rows.ts';
import { refuseRewritten } from './refuse-rewritten.ts';
import { surveyWatermark } from './survey-watermark.ts';

/**
 * Exports the session's snapshot, holds the table against the plan, and cuts tasks. From here on nobody can change the table's shape as long
 * as the session lasts: it holds ACCESS SHARE. Fails with ATLAS_DB_*.
 */
export async function surveyPostgres(session: Session, plan: PostgresSourcePlan, options: Abortable): Promise<Survey> {
  const { path, features } = plan;
  const ask = async (sql: string): Promise<string> => {
    const [row] = await session.rows({ sql, values: [], written: [] }, `surveying ${path}`, options);
    return row?.[0] ?? '';
  };
  const snapshot = await ask('SELECT pg_catalog.pg_export_snapshot()');
  const description = await describeWithin(session, plan, options);
  compareWithPlan(plan, description);
  const estimate = await estimateRows(session, plan, options);
  await refuseRewritten(session, path, options);
  const watermark = await surveyWatermark(session, plan, options);
  const { conditions, how, empty } = await cutTable(session, plan, description, estimate, options);
  const counted = plan.verifyCount ? await countRows(session, plan, options) : null;
  const bytes = Math.ceil(estimate.bytes / conditions.length);
  const tasks = conditions.map(
    (condition, index): Task => ({ index, follows: false, begin: null, bytes, slice: { condition } }),
  );
  const names = description.columns.map(({ name }) => name);
  const taken = new Set(features.flatMap(({ from }, index) => (plan.columns[index] === null ? [] : [from])));
  const readers = plan.readers === null ? '' : `, ${plan.readers} ${plan.readers === 1 ? 'reader' : 'readers'} at most`;
  return {
    inputs: [{ path, bytes: null, identity: null }],
    tasks,
    state: { snapshot },
    notes: [`${path} is read by ${readsByCopy(plan) ? 'COPY' : 'a cursor'}, ${how}${readers}, in one snapshot`],
    empty:
      watermark === null ? empty : watermark.reached === null && !(plan.range?.nulls === true && watermark.nulls > 0),
    ignored: names.filter((name) => !taken.has(name)),
    columns: [{ names, inputs: [path] }],
    contentBytes: null,
    ...(watermark !== null && { watermark }),
    ...(counted !== null && { rows: counted }),
  };
}

async function countRows(session: Session, plan: PostgresSourcePlan, options: Abortable): Promise<number> {
  const [row] = await session.rows(selectSql(plan, { list: 'count(*)' }), `counting ${plan.path}`, options);
  const count = Number(row?.[0] ?? Number.NaN);
  if (!Number.isSafeInteger(count)) throw new AtlasError('ATLAS_DB_PROTOCOL', `${plan.path}: count(*) is ${row?.[0]}`);
  return count;
}
