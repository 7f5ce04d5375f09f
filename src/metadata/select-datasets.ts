import { AtlasError } from '../errors.ts';
import type { Dataset } from './dataset-schema.ts';
import type { Group } from './group-schema.ts';
import { suggest } from './nearest.ts';

/** The datasets of these names in document order, or all where none is named. Throws ATLAS_USAGE for an unknown name. */
export function selectDatasets(group: Group, names: readonly string[]): readonly Dataset[] {
  const known = group.dataset_config.map((dataset) => dataset.name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const message = `--dataset is ${JSON.stringify(name)}, which is no dataset of ${group.ocs}`;
    throw new AtlasError('ATLAS_USAGE', message, { hint: suggest(name, known) });
  }
  return group.dataset_config.filter((dataset) => names.length === 0 || names.includes(dataset.name));
}
