import type { Field } from '../../batch/schema.ts';
import type { Constant, NumberStyle, OnLoss, ValueRange } from '../../flow/dataset-plan.ts';

/** How one output column is filled. At most one of `position` and `constant` is set; without either it is null in every row. */
export interface CastField {
  readonly field: Field;
  /** 0-based field of the record, or column of the row. */
  readonly position: number | null;
  readonly constant: Constant | null;
  readonly format: string | null;
  readonly timezone: string;
  /**
   * What becomes of a value that its type cannot hold exactly (ATLAS_CAST_LOSS), or at all (ATLAS_CAST_RANGE).
   * `truncate`: integers and decimals drop digits towards zero, times and timestamps what is finer than their unit (towards the past),
   * dates a time of day. `round`: to the nearest, halves away from zero, of times and timestamps towards the future. Neither helps a
   * value that is out of range then, or an offset on a timestamp without zone. `null`: null for both, where the feature is nullable.
   */
  readonly onLoss: OnLoss;
  /** How a number is spelled; null = digits with a point. */
  readonly style: NumberStyle | null;
  /** Bounds of a date or timestamp narrower than its type (ATLAS_CAST_RANGE). */
  readonly range?: ValueRange | undefined;
}
