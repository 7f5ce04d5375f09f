import { AtlasError } from '../errors.ts';
import type { Dataset } from './dataset-schema.ts';
import type { Group } from './group-schema.ts';
import { isTableSource } from './is-table-source.ts';
import { suggest } from './nearest.ts';

/**
 * The datasets of these names in document order, or all where none is named; `shop.orders` is a table of the dataset `shop`.
 * Throws ATLAS_USAGE for an unknown name.
 */
export function selectDatasets(group: Group, names: readonly string[]): readonly Dataset[] {
  const known = group.dataset_config.map((dataset) => dataset.name);
  for (const name of names) {
    if (known.includes(name) || severalOf(group, name) !== null) continue;
    const message = `--dataset is ${JSON.stringify(name)}, which is no dataset of ${group.ocs}`;
    throw new AtlasError('ATLAS_USAGE', message, { hint: suggest(name, known) });
  }
  return group.dataset_config.filter(
    (dataset) =>
      names.length === 0 || names.some((name) => name === dataset.name || severalOf(group, name) === dataset.name),
  );
}

/** The dataset of all tables of a schema that one of its tables is asked of; null where there is none. */
function severalOf({ dataset_config }: Group, name: string): string | null {
  const [first = ''] = name.split('.', 1);
  if (first === name) return null;
  const found = dataset_config.find((dataset) => dataset.name === first);
  return found !== undefined && isTableSource(found.source) && found.source.table?.endsWith('*') === true
    ? first
    : null;
}
