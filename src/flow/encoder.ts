import type { Batch } from '../batch/batch.ts';
import type { Fragment } from './fragment.ts';

/** Turns batches into fragments. One per lane; it shares the kernel instance of its source. */
export interface Encoder extends Disposable {
  /** Rows and raw bytes appended since the last `finish`. */
  readonly rows: number;
  readonly rawBytes: number;
  /** Raw bytes that rows `from` to `to` (exclusive) would add, in the measure of `rawBytes` (see `rawBytesOf`). */
  measure(batch: Batch, from: number, to: number): number;
  /** Appends rows `from` to `to` (exclusive) of a batch; the batch may be released afterwards. */
  append(batch: Batch, from: number, to: number): void;
  /** Closes the row group, or answers null where nothing was appended. */
  finish(): Fragment | null;
}
