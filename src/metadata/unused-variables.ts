import type { Problem } from '../errors.ts';
import type { Dataset } from './dataset-schema.ts';
import { destinationTarget } from './destination-target.ts';
import { declaredFeatures, isTableSource } from './is-table-source.ts';
import { nearest } from './nearest.ts';
import { variablesOf } from './run-variables.ts';

/** Names of the run variables that datasets use. */
export function variablesUsed(datasets: readonly Dataset[]): readonly string[] {
  const texts = datasets.flatMap(({ source, destination, rejects }) => [
    ...textsOf(source),
    destinationTarget(destination),
    rejects ?? '',
    ...declaredFeatures(source).map((feature) => feature.value ?? ''),
  ]);
  return [...new Set(texts.flatMap((text) => variablesOf(text).names))];
}

/** A warning for each given run variable that no dataset of the group uses: most likely a slip of the pen. */
export function unusedVariables(
  datasets: readonly Dataset[],
  given: Readonly<Record<string, string>>,
): readonly Problem[] {
  const used = variablesUsed(datasets);
  return Object.keys(given).flatMap((name): Problem[] => {
    if (used.includes(name)) return [];
    const near = nearest(name, used);
    const hint = near === null ? 'Leave it out.' : `Did you mean ${near}?`;
    return [{ code: 'ATLAS_META_VARIABLE', message: `--var ${name} is given, but nothing uses it`, place: {}, hint }];
  });
}

function textsOf(source: Dataset['source']): readonly string[] {
  if (!isTableSource(source)) return [source.path];
  const { table, query, where, exclude, incremental } = source;
  return [table ?? '', query ?? '', where ?? '', incremental?.initial ?? '', ...exclude];
}
