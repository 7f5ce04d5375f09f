import type { GlobalOptions, GroupOptions } from './global-options.ts';

export interface ValidateOptions extends GroupOptions {
  readonly json: boolean;
}

/** How incremental datasets begin, where that is not at their watermark. */
export type BeginOption =
  | { readonly kind: 'since'; readonly value: string }
  | { readonly kind: 'full_refresh' }
  | { readonly kind: 'backfill'; readonly from: string; readonly to: string; readonly chunk: string | null };

export interface PlanOptions extends GroupOptions {
  readonly json: boolean;
  /** null = at the watermark. */
  readonly begin: BeginOption | null;
  readonly force: boolean;
  /** `--exit-code`: answer 10 where schema or loss changes against what was last published. */
  readonly exitCode: boolean;
}

export interface SchemaOptions extends GlobalOptions {
  /** `--write FILE`; null = standard output. */
  readonly write: string | null;
}

export interface ExplainOptions extends GlobalOptions {
  /** null = list every code. */
  readonly code: string | null;
  readonly json: boolean;
}

/** What to do where another run holds a target. */
export type IfLocked =
  | { readonly kind: 'fail' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

export interface RunCommandOptions extends GroupOptions {
  /** null = as many as there are cores. */
  readonly workers: number | null;
  readonly parallelDatasets: number;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly strict: boolean;
  readonly failFast: boolean;
  readonly ifLocked: IfLocked;
  /** null = at the watermark. */
  readonly begin: BeginOption | null;
  /** First rows of one dataset into a file of its own instead of the target. */
  readonly sample: { readonly rows: number; readonly file: string } | null;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly log: 'text' | 'json';
}

export interface HistoryOptions extends GlobalOptions {
  readonly ocs: string | null;
  readonly limit: number;
  readonly json: boolean;
}

export interface ShowOptions extends GlobalOptions {
  /** Run id, a prefix of one, or `last`. */
  readonly run: string;
  readonly json: boolean;
}

export interface StateShowOptions extends GlobalOptions {
  readonly ocs: string;
  /** null = all of the group. */
  readonly dataset: string | null;
  readonly json: boolean;
}

export interface StateSetOptions extends StateShowOptions {
  readonly dataset: string;
  /** A value, or `start`. */
  readonly watermark: string;
  readonly reason: string;
  /** null = the only one that the dataset has. */
  readonly target: string | null;
}

export interface ReplayCommandOptions extends GlobalOptions {
  /** Run id, a prefix of one, or `last`. */
  readonly run: string;
  /** Empty = all that left rejects. */
  readonly datasets: readonly string[];
  /** null = as many as there are cores. */
  readonly workers: number | null;
  readonly strict: boolean;
  readonly ifLocked: IfLocked;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly log: 'text' | 'json';
}

export type VerifyOptions = ShowOptions;

export interface DoctorOptions extends GlobalOptions {
  /** null = the shared connections. */
  readonly ocs: string | null;
  /** Empty = all of the group. */
  readonly datasets: readonly string[];
  /** Empty = those that the datasets use. */
  readonly connections: readonly string[];
  /** Names of further folders to write a canary file into. */
  readonly folders: readonly string[];
  /** Every connection that is declared. */
  readonly all: boolean;
  /** Whether canary files may be written. */
  readonly write: boolean;
  readonly json: boolean;
}

export interface InspectOptions extends GlobalOptions {
  /** The group that declares the connection of an `hdfs://` name; null = the shared ones. */
  readonly ocs: string | null;
  readonly file: string;
  readonly rows: number;
  readonly json: boolean;
}
