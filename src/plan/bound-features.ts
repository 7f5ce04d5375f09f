import type { DestinationPlan, FeaturePlan } from '../flow/dataset-plan.ts';
import { rangeOf } from './range-of.ts';

/** Features with the ranges that a destination holds of them; each the same object where nothing changes. */
export function boundFeatures(
  features: readonly FeaturePlan[],
  destination: DestinationPlan['type'],
): readonly FeaturePlan[] {
  return features.map((feature) => {
    const wanted = rangeOf(feature.type, destination);
    const { range, ...rest } = feature;
    if (range?.least === wanted?.least && range?.greatest === wanted?.greatest) return feature;
    return wanted === null ? rest : { ...rest, range: wanted };
  });
}
