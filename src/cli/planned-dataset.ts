import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { PlanChanges } from '../plan/plan-changes.ts';
import type { Surveyed } from './survey-plan.ts';

/** All that `plan` knows of one dataset. */
export interface PlannedDataset {
  readonly plan: DatasetPlan;
  readonly surveyed: Surveyed;
  /** How columns differ, where that is borne; null where they do not. */
  readonly drift: Drift | null;
  /** Whether it is news since what was last published. */
  readonly drifted: boolean;
  /** Where the next run of an incremental dataset begins, for people; none for another one. */
  readonly begins: readonly string[];
  /** Against what was last published; null where nothing was. */
  readonly changes: PlanChanges | null;
}
