import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { PlanChanges } from '../plan/plan-changes.ts';
import type { Surveyed } from './survey-plan.ts';

/** All that `plan` knows of one dataset. */
export interface PlannedDataset {
  readonly plan: DatasetPlan;
  readonly surveyed: Surveyed;
  /** Against what was last published; null where nothing was. */
  readonly changes: PlanChanges | null;
}
