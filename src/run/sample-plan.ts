import type { DatasetPlan } from '../flow/dataset-plan.ts';

/** The plan of a sample: the same rows, into one local file of its own instead of the target. */
export function samplePlan(plan: DatasetPlan, file: string): DatasetPlan {
  const destination = {
    ...plan.destination,
    path: file,
    folder: false,
    mode: 'overwrite' as const,
    maxRowsPerFile: null,
    partitionBy: [],
  };
  return { ...plan, destination, notes: [`a sample of the rows that would go to ${plan.destination.path}`] };
}
