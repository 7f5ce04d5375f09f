import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { RejectBlock } from '../flow/reject-block.ts';
import type { Draft } from '../flow/sink.ts';
import type { TaskTally } from '../flow/tally.ts';
import type { Task } from '../flow/task.ts';
import type { DatasetFacts } from './dataset-facts.ts';
import type { LaneEvent } from './lane-event.ts';
import type { TaskWriter } from './pump-tasks.ts';
import type { RejectBook } from './reject-book.ts';
import type { RejectFile } from './reject-file.ts';

export interface WriterOptions {
  readonly plan: DatasetPlan;
  readonly tasks: readonly Task[];
  readonly draft: Draft;
  readonly facts: DatasetFacts;
  readonly book: RejectBook;
  /** null where rejects are only reported. */
  readonly rejects: RejectFile | null;
  /** Rows to take at most (Infinity = all). */
  readonly rowLimit: number;
  readonly signal: AbortSignal;
}

/** Writes what the pump hands over: fragments to the draft, rejects to book and file, tallies to the facts. */
export class DatasetWriter implements TaskWriter {
  readonly #options: WriterOptions;
  #task = -1;
  /** Lines of the same file before the task that is being written. */
  #linesBefore = 0;
  /** Where the task before it ended. */
  #end = 0;
  #rejects = 0;
  /** Rows that the tasks after the one being written can hold at most. */
  #rowsLeft: number;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#rowsLeft = options.tasks.reduce((sum, { rowsAtMost }) => sum + (rowsAtMost ?? Number.POSITIVE_INFINITY), 0);
  }

  async write(event: Exclude<LaneEvent, { type: 'began' | 'done' | 'progress' }>, task: Task): Promise<boolean> {
    this.#enter(task);
    const { draft, book, facts, plan, signal } = this.#options;
    if (event.type === 'rejects') return this.#reject(event.blocks);
    // nothing will be published any more: the reading goes on for the report alone
    if (plan.onError === 'fail' && book.total > 0) return true;
    await draft.write(event.fragment, { signal });
    facts.rowsWritten += event.fragment.rows;
    return true;
  }

  async end(task: Task, tally: TaskTally): Promise<boolean> {
    this.#enter(task);
    const { book, facts, rowLimit } = this.#options;
    facts.add(tally);
    this.#linesBefore += tally.lines;
    this.#rowsLeft -= task.rowsAtMost ?? 0;
    if (rowLimit < Number.POSITIVE_INFINITY) return facts.rowsWritten < rowLimit;
    this.#conserve(task, tally);
    if (this.#options.plan.onError === 'reject') book.check(facts.rowsRead + this.#rowsLeft);
    return true;
  }

  #enter(task: Task): void {
    if (task.index === this.#task) return;
    this.#task = task.index;
    this.#rejects = 0;
    if (task.follows) return;
    this.#linesBefore = 0;
    this.#end = task.begin ?? 0;
  }

  async #reject(blocks: readonly RejectBlock[]): Promise<boolean> {
    const { book, rejects } = this.#options;
    for (const block of blocks) {
      const count = Math.min(block.count, book.room);
      await rejects?.add(block, count, this.#linesBefore);
      book.add(block, count, this.#linesBefore);
      this.#rejects += count;
      if (book.room <= 0) return false;
    }
    return true;
  }

  /** Byte conservation of one task: it begins where the one before ended, and its spans tile it; and rejects are all here. */
  #conserve(task: Task, tally: TaskTally): void {
    const { spans, begin, end } = tally;
    const tiled = spans.header + spans.skipped + spans.blank + spans.comment + spans.row + spans.reject;
    if (begin !== this.#end)
      throw unaccounted(task, `it begins at byte ${begin}, the one before ended at ${this.#end}`);
    if (tiled !== end - begin) throw unaccounted(task, `${end - begin} bytes were read, its spans cover ${tiled}`);
    if (tally.rowsRejected !== this.#rejects) {
      throw unaccounted(task, `${tally.rowsRejected} rows were rejected, ${this.#rejects} rejects were handed over`);
    }
    if (tally.stopped) throw unaccounted(task, `its reader stopped at byte ${end}, before its end`);
    this.#end = end;
  }
}

function unaccounted(task: Task, message: string): AtlasError {
  return new AtlasError('ATLAS_ROWS_UNACCOUNTED', `task ${task.index}: ${message}`);
}
