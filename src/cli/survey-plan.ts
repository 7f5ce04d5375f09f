import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Survey } from '../flow/source.ts';
import { openLaneParts } from '../registry.ts';

/** What a look at a plan's inputs found, or why there was none. */
export type Surveyed =
  | { readonly kind: 'seen'; readonly survey: Survey }
  | { readonly kind: 'unseen'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: AtlasError };

/** Looks at the inputs of a plan without reading them to the end. Standard input is left alone: it can be read only once. */
export async function surveyPlan(plan: DatasetPlan, signal: AbortSignal): Promise<Surveyed> {
  if (plan.source.path === '-') return { kind: 'unseen', reason: 'standard input is not looked at before a run' };
  try {
    const { source, encoder } = await openLaneParts(plan, { loadedAt: 0n });
    await using _source = source;
    using _encoder = encoder;
    return { kind: 'seen', survey: await source.survey({ signal }) };
  } catch (error) {
    if (!(error instanceof AtlasError)) throw error;
    if (error.code === 'ATLAS_INPUT_NOT_FOUND') return { kind: 'unseen', reason: error.message };
    return { kind: 'failed', error };
  }
}
