import type { DestinationPlan, FeaturePlan, ValueRange } from '../flow/dataset-plan.ts';
import { rangeOf } from './range-of.ts';

/** Features with the ranges that a destination holds of them, and within those the ones that `held` has by name; each the same object where nothing changes. */
export function boundFeatures(
  features: readonly FeaturePlan[],
  destination: DestinationPlan['type'],
  held: Readonly<Record<string, ValueRange>> = {},
): readonly FeaturePlan[] {
  return features.map((feature) => {
    const own = Object.hasOwn(held, feature.name) ? held[feature.name] : undefined;
    const wanted = narrow(rangeOf(feature.type, destination), own ?? null);
    const { range, ...rest } = feature;
    if (range?.least === wanted?.least && range?.greatest === wanted?.greatest) return feature;
    return wanted === null ? rest : { ...rest, range: wanted };
  });
}

function narrow(a: ValueRange | null, b: ValueRange | null): ValueRange | null {
  if (a === null || b === null) return a ?? b;
  return {
    least: BigInt(a.least) > BigInt(b.least) ? a.least : b.least,
    greatest: BigInt(a.greatest) < BigInt(b.greatest) ? a.greatest : b.greatest,
  };
}
