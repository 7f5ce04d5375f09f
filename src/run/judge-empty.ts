import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { InputIdentity } from '../flow/source.ts';

/**
 * What becomes of an input without rows: a note where it is skipped, null where it is to be published like any other.
 * Fails with ATLAS_INPUT_EMPTY where that is what `on_empty` says.
 */
export function judgeEmpty({ onEmpty, source }: DatasetPlan, inputs: readonly InputIdentity[]): string | null {
  if (onEmpty === 'publish') return null;
  if (onEmpty === 'skip') return 'the input holds no rows: skipped, as on_empty says';
  const paths = inputs.map(({ path }) => path);
  const names = paths.length > 3 ? `${paths.slice(0, 3).join(', ')} … (${paths.length})` : paths.join(', ');
  throw new AtlasError('ATLAS_INPUT_EMPTY', `no rows in ${names || source.path}`);
}
