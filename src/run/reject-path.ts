import { join } from 'node:path';
import type { DatasetPlan } from '../flow/dataset-plan.ts';

const EXTENSION = /\.[^./]+$/;

/**
 * Where a run writes the rejects of a dataset: in a folder a file of its own; where `rejects` names one file, that file, which the
 * next run replaces. A replay never does: what it could not take goes beside it, because that file is what it reads.
 */
export function rejectPath(
  { rejectsPath, ocs, dataset }: DatasetPlan,
  { run, stateFolder, replays }: { readonly run: string; readonly stateFolder: string; readonly replays: boolean },
): string {
  const name = `${run}.jsonl`;
  if (rejectsPath === null) return join(stateFolder, 'rejects', ocs, dataset, name);
  if (rejectsPath.endsWith('/')) return `${rejectsPath}${name}`;
  if (!replays) return rejectsPath;
  return EXTENSION.test(rejectsPath) ? rejectsPath.replace(EXTENSION, `.${name}`) : `${rejectsPath}.${name}`;
}
