import type { IncrementalRange } from '../../flow/dataset-plan.ts';
import type { ReceiptWatermark, Watermark, WatermarkChange } from '../../flow/watermark.ts';

/** Where a run of an incremental dataset begins, and what is known of it before anything is read. */
export interface Beginning {
  readonly how: ReceiptWatermark['how'];
  readonly range: IncrementalRange;
  readonly source: string;
  readonly floor: string | null;
  /** The watermark as it is; null = none. */
  readonly before: string | null;
  /** Whether what is published moves the watermark: not where a backfill leaves a gap above it. */
  readonly moves: boolean;
  /** Something was read by an earlier run, or by an earlier chunk: that nothing is new is no surprise. */
  readonly known: boolean;
  /** There is nothing to read, and why. */
  readonly done: string | null;
  /** What `--since` writes to the ledger before the run goes on. */
  readonly given: WatermarkChange | null;
  /** For people. */
  readonly notes: readonly string[];
}

/** What is known of a dataset and its target, for the decision where to begin. */
export interface StateFacts {
  readonly ocs: string;
  readonly dataset: string;
  readonly target: string;
  /** The watermark of this source at this target. */
  readonly own: Watermark | null;
  /** Those of other sources of this dataset at this target. */
  readonly others: readonly Watermark[];
  /** Those of this dataset elsewhere. */
  readonly elsewhere: readonly Watermark[];
}
