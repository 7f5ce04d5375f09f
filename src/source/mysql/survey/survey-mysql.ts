import type { MysqlConnection } from '../../../flow/connections.ts';
import type { MysqlSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Abortable, Survey } from '../../../flow/source.ts';
import type { MysqlSession } from '../connection/mysql-session.ts';
import { openSession, retryBusy } from '../connection/open-session.ts';
import type { RelationDescription } from '../describe/describe-relation.ts';
import { describeOn } from '../describe-table.ts';
import { encodeState } from '../mysql-slice.ts';
import { PieceDesk } from '../read/piece-desk.ts';
import { queryOf } from '../read/query-of.ts';
import { RangeDesk } from '../read/range-desk.ts';
import type { RowDesk } from '../read/task-rows.ts';
import { cutRanges } from '../split/cut-ranges.ts';
import type { SplitKey } from '../split/split-key.ts';
import { isTransactional, splitOf } from '../split/split-of.ts';
import { rangeOf, relationOf, selectFrom } from '../sql/select-from.ts';
import { snapshotPosition } from './begin-snapshot.ts';
import { comparePlan } from './compare-plan.ts';
import { cutPieces } from './cut-pieces.ts';
import { openReaders } from './open-readers.ts';
import { surveyWatermark } from './survey-watermark.ts';

export interface SurveyOptions extends Abortable {
  /** Threads that will read. */
  readonly workers: number;
}

export interface MysqlSurvey {
  readonly survey: Survey;
  /** Where the tasks' rows come from; holds the sessions and their snapshots. */
  readonly desk: RowDesk;
}

/** Connects, begins the snapshots, and looks at what is to be read in them. Fails with ATLAS_DB_*; nothing is left open then. */
export function surveyMysql(
  plan: MysqlSourcePlan,
  connection: MysqlConnection,
  options: SurveyOptions,
): Promise<MysqlSurvey> {
  return retryBusy(connection, options, async () => {
    const open: MysqlSession[] = [await openSession({ ...connection, attempts: 1 }, options)];
    try {
      return await look(plan, open, options);
    } catch (error) {
      for (const session of open) session.destroy();
      throw error;
    }
  });
}

/** `open`: the session that asks; those of other readers are added. */
async function look(declared: MysqlSourcePlan, open: MysqlSession[], options: SurveyOptions): Promise<MysqlSurvey> {
  const [session] = open as [MysqlSession];
  const before = await describeOn(session, declared, options);
  const split = splitOf(declared, before, options.workers);
  const readers = await openReaders(declared, session, split.readers, options);
  open.splice(1, 0, ...readers.sessions.slice(1));
  const from = relationOf(declared);
  // from now on nobody can alter the table
  const touch = `SELECT 1 FROM ${from.text} LIMIT 0`;
  await Promise.all(readers.sessions.map((each) => each.ask(touch, options, from.values, `read ${declared.path}`)));
  const description = await describeOn(session, declared, options);
  comparePlan(declared, description);
  const marked = await surveyWatermark(declared, description, session, options);
  const plan = marked?.plan ?? declared;
  const several = readers.sessions.length > 1 && split.key !== null;
  const tasks = several
    ? await cutRanges(plan, split.key as SplitKey, split.tasks, session, options)
    : cutPieces(description, plan.sliceBytes);
  const position = await snapshotPosition(session, options);
  const rows = plan.verifyCount ? await countRows(plan, session, options) : null;
  const taken = new Set(plan.features.flatMap(({ constant, from: name }) => (constant === null ? [name] : [])));
  const names = description.columns.map(({ name }) => name);
  const how = `${readers.promise}${split.why === '' ? '' : ` (${split.why})`}`;
  return {
    survey: {
      inputs: [{ path: plan.path, bytes: null, identity: null }],
      tasks,
      state: encodeState({ pieces: several ? 0 : tasks.length, position, range: plan.range ?? null }),
      notes: [`${description.server}: ${plan.path} is ${how}`, ...engineNotes(plan, before)],
      empty: marked?.empty ?? false,
      ignored: names.filter((name) => !taken.has(name)),
      columns: [{ names, inputs: [plan.path] }],
      contentBytes: null,
      ...(marked === null ? {} : { watermark: marked.watermark }),
      ...(rows === null ? {} : { rows }),
    },
    desk: several
      ? new RangeDesk(readers.sessions, (condition) => queryOf(plan, [condition], 1))
      : new PieceDesk(session, queryOf(plan, [], tasks.length)),
  };
}

async function countRows(plan: MysqlSourcePlan, session: MysqlSession, options: Abortable): Promise<number> {
  const { text, values } = selectFrom(plan, 'CAST(COUNT(*) AS CHAR)', rangeOf(plan));
  const [[count = '0'] = []] = await session.ask(text, options, values, `count the rows of ${plan.path}`);
  return Number(count);
}

function engineNotes({ path }: MysqlSourcePlan, { engine }: RelationDescription): readonly string[] {
  if (engine === null || isTransactional(engine)) return [];
  return [`${path} is stored by ${engine}, which knows no snapshots: it is as it is while its one statement reads it`];
}
