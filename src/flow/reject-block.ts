import type { Reject } from './reject.ts';

/** What rejects of one file have in common that have the same cause. */
export type RejectGroup = Pick<Reject, 'file' | 'column' | 'code' | 'reason'>;

/** Rejects of one task in order, on their way from a lane to the writer: lines of the reject file but for what a lane cannot know. */
export interface RejectBlock {
  readonly count: number;
  /** JSON lines, with a NUL (which no JSON holds) where the number of the physical line belongs. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** Of each: the physical lines before it in its task. */
  readonly lines: Float64Array<ArrayBuffer>;
  /** Of each: index into `groups`. */
  readonly group: Uint16Array<ArrayBuffer>;
  readonly groups: readonly RejectGroup[];
}
