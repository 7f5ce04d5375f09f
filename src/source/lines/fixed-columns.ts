import type { FeaturePlan } from '../../flow/dataset-plan.ts';

/** The features whose column is the same in every batch: constants, but for the line. */
export function fixedColumns(features: readonly FeaturePlan[]): ReadonlySet<number> {
  const fixed = features.map(({ constant }) => constant !== null && constant.kind !== 'line');
  return new Set(fixed.flatMap((yes, index) => (yes ? [index] : [])));
}
