import type { ErrorCode } from '../../errors.ts';

/** What one step found. */
export interface Finding {
  readonly outcome: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do about it. */
  readonly hint: string | null;
  /** Where it failed. */
  readonly code: ErrorCode | null;
}

/** A finding, and what later steps may build on; null where there is nothing to build on. */
export interface Found<Facts> {
  readonly finding: Finding;
  readonly facts: Facts | null;
}

export function well<Facts>(message: string, facts: Facts): Found<Facts> {
  return { finding: { outcome: 'ok', message, hint: null, code: null }, facts };
}

/** It works, and somebody should know this. */
export function doubtful<Facts>(message: string, hint: string, facts: Facts): Found<Facts> {
  return { finding: { outcome: 'warning', message, hint, code: null }, facts };
}

export function failed(code: ErrorCode, message: string, hint: string): Found<never> {
  return { finding: { outcome: 'failed', message, hint, code }, facts: null };
}

/** It was not tried, or nobody tells. */
export function untold(message: string): Found<never> {
  return { finding: { outcome: 'skipped', message, hint: null, code: null }, facts: null };
}
