import type { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { TableOutlook } from '../flow/table-outlook.ts';
import type { PlanChanges } from '../plan/plan-changes.ts';
import type { Surveyed } from './survey-plan.ts';

/** All that `plan` knows of one dataset. */
export interface PlannedDataset {
  readonly plan: DatasetPlan;
  readonly surveyed: Surveyed;
  /** How columns differ, where that is borne; null where they do not. */
  readonly drift: Drift | null;
  /** What a run would do at its table; null where it goes elsewhere, or the table could not be looked at. */
  readonly outlook: TableOutlook | null;
  readonly unseenTable: AtlasError | null;
  /** Whether it is news since what was last published. */
  readonly drifted: boolean;
  /** Where the next run of an incremental dataset begins, for people; none for another one. */
  readonly begins: readonly string[];
  /** Against what was last published; null where nothing was. */
  readonly changes: PlanChanges | null;
}
