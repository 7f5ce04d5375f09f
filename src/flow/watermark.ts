import type { IncrementalPlan, IncrementalRange } from './dataset-plan.ts';

/**
 * What a database says of the column that an incremental dataset follows, in the snapshot that the rows are read from. Values are texts as
 * the server prints them (dates in ISO, instants in UTC), which it reads back as the same value; they never pass through a number.
 */
export interface SurveyedWatermark {
  /** The column's type within the snapshot, as the server writes it. */
  readonly serverType: string;
  /** The greatest value among the rows of the plan's range (`where` included); null where none of them has a value. */
  readonly reached: string | null;
  /** Rows of the table or query (`where` included, whatever the range) without a value in the column; 0 where it cannot be NULL. */
  readonly nulls: number;
}

/** How one run of an incremental dataset read, and what it makes of the watermark. */
export interface ReceiptWatermark {
  /** SHA-256 (hex) of what the watermark is of: connection, table or query, condition, column. */
  readonly source: string;
  /** What people call it (`postgresql://shop/public.orders`). */
  readonly path: string;
  readonly column: string;
  readonly kind: IncrementalPlan['kind'];
  /** `run`: from the watermark on; `full_refresh`: all rows, in the place of everything at the target; `backfill`: from and to as told. */
  readonly how: 'run' | 'full_refresh' | 'backfill';
  readonly range: IncrementalRange;
  /** Rows at or below it were left to others (`initial`, `--since`, `--from`): where what was published begins. null = the first row. */
  readonly floor: string | null;
  readonly before: string | null;
  /** Once it is settled; null where there is none yet, because no row that was published had a value. */
  readonly after: string | null;
  /** See `SurveyedWatermark.nulls`. */
  readonly nulls: number;
}

/** How far one dataset came in publishing one source to one target. */
export interface Watermark {
  readonly ocs: string;
  readonly dataset: string;
  readonly target: string;
  readonly source: string;
  readonly path: string;
  readonly column: string;
  readonly kind: IncrementalPlan['kind'];
  readonly floor: string | null;
  /** Every row above `floor` and up to this one is at the target; null: the next run begins at the floor. */
  readonly value: string | null;
  /** The run that moved it last; null where somebody set it. */
  readonly run: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** A watermark that somebody set by hand. */
export interface WatermarkChange extends Omit<Watermark, 'value' | 'run'> {
  /** null = there was none. */
  readonly before: string | null;
  readonly after: string | null;
  /** The user and host that did it. */
  readonly who: string;
  readonly why: string;
}

/** Values whose rows a backfill published: from `from` (inclusive) to `to` (exclusive). */
export interface Backfilled {
  readonly from: string;
  readonly to: string;
  readonly run: string;
}
