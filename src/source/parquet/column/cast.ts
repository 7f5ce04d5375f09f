import type { StagedColumn } from './column-queue.ts';
import type { Reason } from './reason.ts';

/** Where the values of a column go. */
export interface CastTarget {
  /** A view of the column's values in kernel memory, at an address fit for any typed array. */
  readonly buffer: ArrayBuffer;
  readonly address: number;
  /** A copy of the staged column's own: a value that on_loss makes null becomes 0 here. */
  readonly present: Uint8Array;
  /** The value of a row could not be taken: its slot is cleared. */
  fail(row: number, reason: Reason): void;
}

/** Turns the first `rows` staged values into those of a feature's type. A null slot of zeroes stays one. */
export type Cast = (column: StagedColumn, rows: number, target: CastTarget) => void;

/** What a value that does not fit becomes: null where `on_loss` says so, else a reject. The slot is zero already. */
export function refuseOrNull(target: CastTarget, row: number, reason: Reason, nulls: boolean): void {
  if (nulls) target.present[row] = 0;
  else target.fail(row, reason);
}
