import type { DestinationPlan } from '../flow/dataset-plan.ts';

/** Features whose values become folders, so that they must be there and keep their spelling. */
export function partitionFeatures(destination: DestinationPlan): readonly string[] {
  return destination.type === 'parquet' ? destination.partitionBy : [];
}
