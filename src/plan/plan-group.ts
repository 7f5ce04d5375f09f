import { AtlasError, type Problem } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Dataset } from '../metadata/dataset-schema.ts';
import type { Group } from '../metadata/group-schema.ts';
import { type PlanOptions, planDataset } from './plan-dataset.ts';

/** Plans of several datasets of a group, in the order given. Throws one error that carries the problems of all. Pure. */
export function planGroup(group: Group, datasets: readonly Dataset[], options: PlanOptions): readonly DatasetPlan[] {
  const plans: DatasetPlan[] = [];
  const problems: Problem[] = [];
  let first: AtlasError | null = null;
  for (const dataset of datasets) {
    try {
      plans.push(planDataset(group, dataset, options));
    } catch (error) {
      if (!(error instanceof AtlasError) || error.problems.length === 0) throw error;
      first ??= error;
      problems.push(...error.problems);
    }
  }
  if (first === null) return plans;
  if (problems.length === first.problems.length) throw first;
  throw new AtlasError(first.code, `${problems.length} problems in the plans of ${group.ocs}`, {
    place: first.place,
    hint: first.hint,
    problems,
  });
}
