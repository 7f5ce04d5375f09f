import type { ErrorCode } from '../../errors.ts';

/** A span that a parser refused in one call. */
export interface ParsedReject {
  /** Window offset and length of the span rejected in this call. */
  readonly offset: number;
  readonly length: number;
  /** Physical lines between the start of the parsed range and the span. */
  readonly line: number;
  /** Index into the features of the plan; null where the row as a whole is damaged. */
  readonly field: number | null;
  readonly code: ErrorCode;
  readonly reason: string;
  /** The span goes on in the next call (a physical line longer than the window): the next call's first reject continues it, if bytes follow. */
  readonly continues: boolean;
  /** This span continues the last reject of the call before. */
  readonly continued: boolean;
}
