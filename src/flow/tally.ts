import type { Cursor } from './cursor.ts';

/** Bytes of an input by what they were; together they tile it without gap or overlap. */
export interface Spans {
  readonly header: number;
  readonly skipped: number;
  readonly blank: number;
  readonly comment: number;
  readonly row: number;
  readonly reject: number;
}

/** Keys of objects, each a line, that no feature takes, nor anything inside them. */
export interface UntakenKeys {
  /** Each once, in the order in which they were met first. */
  readonly names: readonly string[];
  /** There were more than are kept. */
  readonly incomplete: boolean;
}

/** What one task's reader counted, each number from its own counter. */
export interface TaskTally {
  readonly begin: Cursor;
  readonly end: Cursor;
  /** Physical lines from `begin` to `end`. */
  readonly lines: number;
  /** Records met: delivered in batches + rejected. */
  readonly rowsRead: number;
  readonly rowsRejected: number;
  readonly spans: Spans;
  /** The reader stopped at its reject limit, before the end of the task. */
  readonly stopped: boolean;
  /** Of JSON lines, and of nothing else. */
  readonly untaken?: UntakenKeys;
}
