import type { ErrorCode } from '../errors.ts';

/** What one step of looking at a connection found. */
export interface Finding {
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | null;
  /** Where it failed. */
  readonly code: ErrorCode | null;
}

/** One thing that is being tried about a connection (finding null), or was. */
export interface ExaminationStep {
  /** `nn1:9870`; null where the connection as a whole is meant. */
  readonly server: string | null;
  /** What is tried, in a word. */
  readonly step: string;
  readonly finding: Finding | null;
}

/** What is to be tried besides the servers themselves. Names are `hdfs://lake/…`, and need not exist yet. */
export interface ExaminationOptions {
  /** Folders that are written into. */
  readonly targets: readonly string[];
  /** Folders that are read. */
  readonly sources: readonly string[];
  /** Whether a canary file may be written; it is always removed. */
  readonly write: boolean;
  /** Id of the run, for the canary's name. */
  readonly run: string;
  readonly signal: AbortSignal;
}
