import type { Fragment } from '../flow/fragment.ts';
import type { Reject } from '../flow/reject.ts';
import type { TaskTally } from '../flow/tally.ts';

/** What a lane says about one task, in this order: began, then fragments, rejects and progress as they come, then done. */
export type LaneEvent =
  | { readonly type: 'began'; readonly begin: number }
  | { readonly type: 'fragment'; readonly fragment: Fragment }
  | { readonly type: 'rejects'; readonly rejects: readonly Reject[] }
  /** Since the last one. */
  | { readonly type: 'progress'; readonly rows: number; readonly bytes: number }
  | { readonly type: 'done'; readonly tally: TaskTally };

/**
 * Fragments and blocks of rejects that one lane may have handed over and the writer not yet taken. With N lanes the main
 * thread holds at most `N × LANE_CREDITS` of them, and each lane is making one more.
 */
export const LANE_CREDITS = 2;

/** Rejects in one event, at most; and characters of their raw texts after which it is full. */
export const REJECTS_PER_EVENT = 512;
export const REJECT_TEXT_PER_EVENT = 1 << 20;

/** Whether an event takes a credit: those that hold data. */
export function takesCredit(event: LaneEvent): boolean {
  return event.type === 'fragment' || event.type === 'rejects';
}
