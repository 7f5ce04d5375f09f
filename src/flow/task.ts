import type { Cursor } from './cursor.ts';

/** Anything that survives `postMessage` and JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One restartable slice of a plan. Where it ends is a function of the bytes and the plan, never of workers or timing. */
export interface Task {
  readonly index: number;
  /**
   * True where the task starts somewhere inside an input whose records before it have not been read: its begin is then a
   * guess, to be accepted only if the task before it ended exactly there, else read again with `begin` given.
   */
  readonly follows: boolean;
  /** The true start, where it is known. */
  readonly begin: Cursor | null;
  /** Input bytes, for progress; null where nobody knows (a pipe). */
  readonly bytes: number | null;
  /** Records it can hold at most; left out where nobody knows (it is compressed, or a pipe). */
  readonly rowsAtMost?: number;
  /** What the task means to its own source. */
  readonly slice: Json;
}
