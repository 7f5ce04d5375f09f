import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { Abortable, Source, Survey } from '../flow/source.ts';
import { evolvePlan } from '../plan/drift/evolve-plan.ts';
import { ignoreDrift } from '../plan/drift/ignore-drift.ts';
import { judgeDrift, type LastRun } from '../plan/drift/judge-drift.ts';
import { needsProfiles } from '../plan/drift/needs-profiles.ts';
import { tableColumns } from '../plan/drift/server-columns.ts';
import { profileInputs, type Stores } from '../registry.ts';

/** What became of a plan once the columns of its inputs were known. */
export interface Examination {
  /** The one that was given, where nothing of it had to change: then its survey holds too. */
  readonly plan: DatasetPlan;
  readonly drift: Drift | null;
  /** For the receipt: see `Receipt.columns`. */
  readonly columns: readonly string[] | null;
  /** See `Receipt.ignored`. */
  readonly ignored: readonly string[] | null;
}

/** What an examination is made of. */
export interface DriftFacts {
  readonly plan: DatasetPlan;
  readonly stores: Stores;
  /** Whose survey it is. */
  readonly source: Pick<Source, 'confirm'>;
  readonly survey: Survey;
  /** The receipt of the run that published last, or null. */
  readonly last: LastRun | null;
  /** Told before the inputs are read for what their columns hold. */
  readonly onProfile?: (() => void) | undefined;
}

/**
 * Decides what a run does about drift, before it reads any row; `evolve` reads the inputs to their end for it, where types may have to
 * change. Call it under the target's lock, or the last receipt may be another's.
 * Fails with ATLAS_DRIFT_FOUND, ATLAS_DRIFT_IMPOSSIBLE, ATLAS_CSV_HEADER_MISSING, ATLAS_INPUT_CHANGED and what profiling fails with.
 */
export async function examineDrift(facts: DriftFacts, { signal }: Abortable): Promise<Examination> {
  const { plan, stores, source, survey, last, onProfile } = facts;
  signal.throwIfAborted();
  const table = tableColumns(plan.source);
  const sets = table.length > 0 ? table : survey.columns;
  const verdict = judgeDrift(plan, sets, last);
  const columns = sets.length === 0 ? null : verdict.comparison.union;
  const ignored = columns && verdict.untaken;
  if (plan.onDrift !== 'evolve') return { plan, drift: ignoreDrift(plan, verdict), columns, ignored };
  const needed = needsProfiles(plan, verdict);
  if (needed) onProfile?.();
  const profiles = needed ? await profileInputs(plan.source, { signal, stores }) : [];
  await source.confirm(survey.inputs, { signal });
  const evolution = evolvePlan({ plan, verdict, last, profiles });
  const evolved = new Set(evolution.drift?.evolved.map(({ name }) => name));
  return { ...evolution, columns, ignored: ignored?.filter((name) => !evolved.has(name)) ?? null };
}
