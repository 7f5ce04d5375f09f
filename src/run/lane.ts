import type { Attempt } from './attempt.ts';

/** One reader and one encoder at work, in this thread or another. Reads one task at a time. */
export interface Lane extends AsyncDisposable {
  /** Reads a task into the attempt. Resolves when the lane is free again; a failure is the attempt's, never its own. */
  run(attempt: Attempt): Promise<void>;
  /** The writer took an event of this lane: it may hand over one more. */
  giveBack(): void;
  /** No credit is left: the lane waits, or soon will, until the writer takes one of its events. */
  readonly exhausted: boolean;
}
