import type { MysqlConnection } from '../../../flow/connections.ts';
import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable, Survey } from '../../../flow/source.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { openSession, retryBusy } from '../connection/open-session.ts';
import { describeOn } from '../describe-table.ts';
import { encodeState } from '../mysql-state.ts';
import { checkResult } from '../read/check-result.ts';
import { PieceDesk } from '../read/piece-desk.ts';
import type { RowDesk } from '../read/task-rows.ts';
import { rangeOf, relationOf, selectFrom, selectRows } from '../sql/select-from.ts';
import { beginSnapshot } from './begin-snapshot.ts';
import { comparePlan } from './compare-plan.ts';
import { cutPieces } from './cut-pieces.ts';
import { surveyWatermark } from './survey-watermark.ts';

export interface MysqlSurvey {
  readonly survey: Survey;
  /** Where the tasks' rows come from; holds the sessions and their snapshots. */
  readonly desk: RowDesk;
}

/** Connects, begins the snapshot, and looks at what is to be read in it. Fails with ATLAS_DB_*; nothing is left open then. */
export function surveyMysql(
  plan: MysqlSourcePlan,
  connection: MysqlConnection,
  options: Abortable,
): Promise<MysqlSurvey> {
  // connecting retries by itself; a connection that is lost afterwards was not read from yet
  return retryBusy(connection, options, async () => {
    const session = await openSession({ ...connection, attempts: 1 }, options);
    try {
      return await look(plan, session, options);
    } catch (error) {
      session.destroy();
      throw error;
    }
  });
}

async function look(declared: MysqlSourcePlan, session: MysqlSession, options: Abortable): Promise<MysqlSurvey> {
  await beginSnapshot(session, options);
  const from = relationOf(declared);
  // from now on nobody can alter the table
  await session.ask(`SELECT 1 FROM ${from.text} LIMIT 0`, options, from.values, `read ${declared.path}`);
  const description = await describeOn(session, declared, options);
  comparePlan(declared, description);
  const marked = await surveyWatermark(declared, description, session, options);
  const plan = marked?.plan ?? declared;
  const tasks = cutPieces(description, plan.sliceBytes);
  const rows = plan.verifyCount ? await countRows(plan, session, options) : null;
  const { text, values } = selectRows(plan);
  const taken = new Set(plan.features.flatMap(({ constant, from: name }) => (constant === null ? [name] : [])));
  const names = description.columns.map(({ name }) => name);
  return {
    survey: {
      inputs: [{ path: plan.path, bytes: null, identity: null }],
      tasks,
      state: encodeState({ pieces: tasks.length, position: null }),
      notes: [`${description.server}: ${plan.path} is read by one connection in one consistent snapshot`],
      empty: marked?.empty ?? false,
      ignored: names.filter((name) => !taken.has(name)),
      columns: [{ names, inputs: [plan.path] }],
      contentBytes: null,
      ...(marked === null ? {} : { watermark: marked.watermark }),
      ...(rows === null ? {} : { rows }),
    },
    desk: new PieceDesk(session, {
      sql: text,
      values,
      path: plan.path,
      pieceBytes: plan.sliceBytes,
      pieces: tasks.length,
      check: (columns) => checkResult(plan, columns),
    }),
  };
}

async function countRows(plan: MysqlSourcePlan, session: MysqlSession, options: Abortable): Promise<number> {
  const { text, values } = selectFrom(plan, 'CAST(COUNT(*) AS CHAR)', rangeOf(plan));
  const [[count = '0'] = []] = await session.ask(text, options, values, `count the rows of ${plan.path}`);
  return Number(count);
}
