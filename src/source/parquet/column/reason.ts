import type { ErrorCode } from '../../../errors.ts';

/** Why a value could not be taken; never the value itself. */
export interface Reason {
  readonly code: ErrorCode;
  readonly reason: string;
}
