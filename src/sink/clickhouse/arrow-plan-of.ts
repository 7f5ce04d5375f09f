import type { ArrowPlan } from '../../encode/arrow/arrow-plan.ts';
import type { ClickhouseDatasetPlan } from '../../flow/dataset-plan.ts';
import { rowTextBytes } from '../../flow/row-text-bytes.ts';

/** Bytes of values in a fragment: larger ones are inserted no faster, and every thread holds a few of them. */
const FRAGMENT_BYTES = 8 * 1024 * 1024;
const FRAGMENT_ROWS = 131_072;
/** Room for constants beside the texts of a row. */
const CONSTANTS = 1 << 20;

/** How the rows of a plan are encoded for its table: several fragments make a block, none more than one. */
export function arrowPlanOf(
  { schema, source, destination }: ClickhouseDatasetPlan,
  compression: ArrowPlan['compression'],
): ArrowPlan {
  return {
    schema,
    compression,
    compressionLevel: null,
    rows: Math.min(FRAGMENT_ROWS, destination.blockRows),
    bytes: Math.min(FRAGMENT_BYTES, destination.blockBytes),
    textBytes: rowTextBytes(source) + CONSTANTS,
  };
}
