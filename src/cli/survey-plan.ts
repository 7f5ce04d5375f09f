import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Drift } from '../flow/drift.ts';
import type { Survey } from '../flow/source.ts';
import type { LastRun } from '../plan/drift/judge-drift.ts';
import type { Stores } from '../registry.ts';
import { surveyInputs } from '../run/survey-inputs.ts';

/** What a look at a plan's inputs found, or why there was none. */
export type Surveyed =
  | { readonly kind: 'seen'; readonly plan: DatasetPlan; readonly survey: Survey; readonly drift: Drift | null }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: AtlasError };

/**
 * Looks at the inputs of a plan, to their end only where `evolve` must, and decides about drift as a run would. Standard input is left
 * alone: it can be read only once. `last`: the receipt of the run that published last.
 */
export async function surveyPlan(
  plan: DatasetPlan,
  last: LastRun | null,
  stores: Stores,
  signal: AbortSignal,
): Promise<Surveyed> {
  if (plan.source.path === '-') return { kind: 'unseen', reason: 'standard input is not looked at before a run' };
  try {
    await using seen = await surveyInputs({ plan, last, judged: null, lane: { loadedAt: 0n, stores } }, { signal });
    return { kind: 'seen', plan: seen.plan, survey: seen.survey, drift: seen.drift };
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    if (error.code === 'ATLAS_INPUT_NOT_FOUND') return { kind: 'unseen', reason: error.message };
    return { kind: 'failed', error };
  }
}
