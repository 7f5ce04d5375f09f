import type { GlobalOptions, GroupOptions } from './global-options.ts';

export interface ValidateOptions extends GroupOptions {
  readonly json: boolean;
}

export interface PlanOptions extends GroupOptions {
  readonly json: boolean;
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
