import { AtlasError } from '../../errors.ts';
import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import { incrementalOf } from './begin-at.ts';

/** Fails with ATLAS_USAGE where an option that is for incremental datasets alone meets another one. */
export function refuseOthers(plans: readonly DatasetPlan[], flag: string): void {
  const others = plans.filter((plan) => incrementalOf(plan) === null).map(({ dataset }) => dataset);
  if (others.length === 0) return;
  throw new AtlasError('ATLAS_USAGE', `${flag} is for incremental datasets, and ${others.join(', ')} is not`, {
    hint: 'Add --dataset NAME, or declare source.incremental.',
  });
}
