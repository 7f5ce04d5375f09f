import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import type { Drift } from '../../flow/drift.ts';

/** A plan that follows drift, and how it differs from the declared one. */
export interface Evolution {
  /** The declared one itself where nothing had to change. */
  readonly plan: DatasetPlan;
  readonly drift: Drift | null;
}
