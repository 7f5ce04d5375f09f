import type { Reject } from '../../../src/flow/reject.ts';
import type { Source, Survey } from '../../../src/flow/source.ts';
import type { Spans, TaskTally } from '../../../src/flow/tally.ts';
import type { Task } from '../../../src/flow/task.ts';
import { rejectsOf } from './rejects-of.ts';
import { type Cell, rowsOf } from './rows-of.ts';

/** Everything a source says of its input. */
export interface Reading {
  readonly survey: Survey;
  readonly rows: readonly (readonly Cell[])[];
  /** Lines are 0-based and count from the start of the file. */
  readonly rejects: readonly Reject[];
  readonly spans: Spans;
  /** Rows of each group that is not empty, as an encoder would be told to cut them. */
  readonly groups: readonly number[];
  /** Rows of each batch, with the mark of the group's end. */
  readonly batches: readonly string[];
  readonly tallies: readonly TaskTally[];
  /** Tasks whose guessed begin was wrong. */
  readonly guessedWrong: number;
}

interface ReadingOptions {
  readonly signal?: AbortSignal;
  readonly rejectLimit?: number;
  /** Gives every task its true begin at once, as a single lane does. */
  readonly known?: boolean;
  /** Ask for rejects as a run does. */
  readonly packRejects?: boolean;
}

/** Reads all tasks in order; one whose guessed begin is not where the task before ended is read again, as the pump does. */
export async function readSource(source: Source, options: ReadingOptions = {}): Promise<Reading> {
  const signal = options.signal ?? new AbortController().signal;
  const survey = await source.survey({ signal });
  const rows: Cell[][] = [];
  const rejects: Reject[] = [];
  const groups: number[] = [];
  const batches: string[] = [];
  const tallies: TaskTally[] = [];
  let spans: Spans = { header: 0, skipped: 0, blank: 0, comment: 0, row: 0, reject: 0 };
  let guessedWrong = 0;
  let lines = 0;
  let end = 0;
  for (const task of survey.tasks) {
    const located = task.follows && options.known ? { ...task, begin: end } : task;
    const limit = options.rejectLimit ?? Number.POSITIVE_INFINITY;
    let read = await readTask(source, located, survey, limit, signal, options.packRejects);
    if (task.follows && read.tally.begin !== end) {
      guessedWrong += 1;
      read = await readTask(source, { ...task, begin: end }, survey, limit, signal, options.packRejects);
    }
    if (!task.follows) lines = 0;
    rows.push(...read.rows);
    rejects.push(...read.rejects.map((reject) => ({ ...reject, line: reject.line + lines })));
    groups.push(...read.groups);
    batches.push(...read.batches);
    tallies.push(read.tally);
    spans = addSpans(spans, read.tally.spans);
    lines += read.tally.lines;
    end = read.tally.end;
  }
  return { survey, rows, rejects, spans, groups, batches, tallies, guessedWrong };
}

export async function readTask(
  source: Source,
  task: Task,
  survey: Survey,
  rejectLimit: number,
  signal: AbortSignal,
  packRejects = false,
) {
  const rows: Cell[][] = [];
  const rejects: Reject[] = [];
  const groups: number[] = [];
  const batches: string[] = [];
  await using reader = await source.read(task, survey.state, { rejectLimit, packRejects, signal });
  let group = 0;
  const close = () => {
    if (group > 0) groups.push(group);
    group = 0;
  };
  for (let delivery = await reader.next({ signal }); delivery; delivery = await reader.next({ signal })) {
    const { batch } = delivery;
    rows.push(...rowsOf(batch));
    if (packRejects && delivery.rejects.length > 0 && delivery.packed.length > 0) throw new Error('both forms at once');
    rejects.push(...delivery.rejects, ...delivery.packed.flatMap(rejectsOf));
    batches.push(`${batch.rows}${batch.closesGroup ? ' closes' : ''}`);
    group += batch.rows;
    if (batch.closesGroup) close();
    batch.release();
  }
  close();
  return { rows, rejects, groups, batches, tally: reader.tally() };
}

function addSpans(a: Spans, b: Spans): Spans {
  return {
    header: a.header + b.header,
    skipped: a.skipped + b.skipped,
    blank: a.blank + b.blank,
    comment: a.comment + b.comment,
    row: a.row + b.row,
    reject: a.reject + b.reject,
  };
}

export function sumOf(spans: Spans): number {
  return spans.header + spans.skipped + spans.blank + spans.comment + spans.row + spans.reject;
}
