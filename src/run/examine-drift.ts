import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { Abortable, Survey } from '../flow/source.ts';
import { ignoreDrift } from '../plan/ignore-drift.ts';
import { judgeDrift, type LastRun } from '../plan/judge-drift.ts';

/** What became of a plan once the columns of its inputs were known. */
export interface Examination {
  /** The one that was given, where nothing of it had to change: then its survey holds too. */
  readonly plan: DatasetPlan;
  readonly drift: Drift | null;
  /** For the receipt: see `Receipt.columns`. */
  readonly columns: readonly string[] | null;
}

/** What an examination is made of. */
export interface DriftFacts {
  readonly plan: DatasetPlan;
  readonly survey: Survey;
  /** The receipt of the run that published last, or null. */
  readonly last: LastRun | null;
}

/**
 * Decides what a run does about drift, before it reads any row. Call it under the target's lock, or the last receipt may be another's.
 * Fails with ATLAS_DRIFT_FOUND, ATLAS_DRIFT_IMPOSSIBLE or ATLAS_CSV_HEADER_MISSING.
 */
export async function examineDrift({ plan, survey, last }: DriftFacts, { signal }: Abortable): Promise<Examination> {
  signal.throwIfAborted();
  const verdict = judgeDrift(plan, survey.columns, last);
  const columns = survey.columns.length === 0 ? null : verdict.comparison.union;
  return { plan, drift: ignoreDrift(plan, verdict), columns };
}
