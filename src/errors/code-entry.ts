/** What a code means, and what a command that fails with it answers. */
export interface Entry {
  /** Exit code of the command that fails with it (see README, exit codes). */
  readonly exit: 1 | 2 | 3 | 4 | 75 | 99;
  readonly retryable: boolean;
  /** What it means, one sentence. */
  readonly title: string;
  /** What to do about it. */
  readonly hint: string;
}

/** One line of the table of codes. */
export const entry = (exit: Entry['exit'], title: string, hint: string, retryable = false): Entry => ({
  exit,
  retryable,
  title,
  hint,
});
