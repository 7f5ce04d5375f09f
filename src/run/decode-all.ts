import type { DatasetPlan } from '../flow/dataset-plan.ts';

/** The plan by which every row is decoded, and no file handed on as it is; the plan itself where that is so already. */
export function decodeAll(plan: DatasetPlan): DatasetPlan {
  const { source } = plan;
  if (source.type !== 'parquet' || source.pass === undefined) return plan;
  const { pass: _pass, ...decoded } = source;
  return { ...plan, source: decoded };
}
