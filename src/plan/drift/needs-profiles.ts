import type { DatasetPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { DriftVerdict } from './judge-drift.ts';

/** Whether `evolve` has to look at values: there is a column without a feature, or a feature that could be wider. */
export function needsProfiles({ source }: DatasetPlan, { untaken }: DriftVerdict): boolean {
  if (source.type !== 'csv') return false;
  return untaken.length > 0 || source.features.some(mayWiden);
}

/** Whether values may widen a feature: it is read, can be wider, and its document says nothing else of what does not fit. */
export function mayWiden({ type, constant, onLoss }: FeaturePlan): boolean {
  if (constant !== null || onLoss !== 'reject') return false;
  switch (type.kind) {
    case 'int':
    case 'decimal':
      return true;
    case 'float':
      return type.bits === 32;
    case 'time':
    case 'timestamp':
      return type.unit !== 'ns';
    default:
      return false;
  }
}
