import type { Fragment } from '../flow/fragment.ts';
import type { RejectBlock } from '../flow/reject-block.ts';
import type { TaskTally } from '../flow/tally.ts';

/** What a lane says about one task, in this order: began, then fragments, rejects and progress as they come, then done. */
export type LaneEvent =
  | { readonly type: 'began'; readonly begin: number }
  | { readonly type: 'fragment'; readonly fragment: Fragment }
  /** `full`: as many as one event may hold; the last ones of a task need not be. */
  | { readonly type: 'rejects'; readonly blocks: readonly RejectBlock[]; readonly full: boolean }
  /** Since the last one. */
  | { readonly type: 'progress'; readonly rows: number; readonly bytes: number }
  | { readonly type: 'done'; readonly tally: TaskTally };

/**
 * Fragments and blocks of rejects that one lane may have handed over and the writer not yet taken. With N lanes the main
 * thread holds at most `N × LANE_CREDITS` of them, and each lane is making one more.
 */
export const LANE_CREDITS = 2;

/** Whether an event takes a credit: those that hold much. The last rejects of a task are few, and no reason to wait. */
export function takesCredit(event: LaneEvent): boolean {
  return event.type === 'fragment' || (event.type === 'rejects' && event.full);
}
