import type { DatasetPlan, IncrementalRange } from '../../flow/dataset-plan.ts';

/** The same plan, with the rows that this run reads; its hash is the same too. */
export function withRange(plan: DatasetPlan, range: IncrementalRange): DatasetPlan {
  const { source } = plan;
  if (source.type !== 'postgresql' && source.type !== 'mysql') return plan;
  return { ...plan, source: { ...source, range } };
}
