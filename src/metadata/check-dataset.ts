import type { CheckContext } from './check-context.ts';
import { checkIncremental } from './check-incremental.ts';
import { checkPartitions } from './check-partitions.ts';
import { checkTableColumns } from './check-table-columns.ts';
import type { Dataset } from './dataset-schema.ts';
import { destinationTarget, targetKey } from './destination-target.ts';
import { declaredFeatures, isTableSource, pathOfSource } from './is-table-source.ts';
import { schemeOf } from './path-scheme.ts';
import { variablesOf } from './run-variables.ts';
import { isWideDelimiter } from './wide-delimiter.ts';

/** What must hold between the keys of one dataset, beside what its source and destination say for themselves. */
export function checkDataset(dataset: Dataset, check: CheckContext): void {
  const allFeatures = check.whole(['source', 'features']) && dataset.source.features !== '*';
  const features = declaredFeatures(dataset.source);
  const { destination } = dataset;
  if (destination.type === 'parquet') checkPartitions(destination, features, allFeatures, check.below(['destination']));
  else checkTableColumns(destination, features, allFeatures, check.below(['destination']));
  checkRejects(dataset, check);
  checkDrift(dataset, check);
  checkTemplates(dataset, check);
  checkIncremental(dataset, check);
}

/** Types of Parquet columns are told by their files, and keys of JSON lines are met while they are read: nothing follows them yet. */
function checkDrift({ source, on_drift }: Dataset, check: CheckContext): void {
  if ((source.type !== 'parquet' && source.type !== 'jsonl') || on_drift !== 'evolve') return;
  const name = source.type === 'parquet' ? 'Parquet' : 'JSON lines';
  const message = `on_drift is "evolve", which follows CSV files and databases alone so far; the source is ${name}`;
  check.problem(['on_drift'], message, 'Set on_drift to fail or ignore.');
}

function checkRejects(dataset: Dataset, check: CheckContext): void {
  if (dataset.on_error === 'reject' && dataset.max_rejects === undefined && check.whole([])) {
    const hint = 'Add max_rejects: a number of rows (100) or a share ("1%").';
    check.problem(['on_error'], 'on_error is "reject", but max_rejects is missing', hint);
  }
  const delimiter = dataset.source.type === 'csv' ? dataset.source.delimiter : '';
  if (dataset.on_error === 'reject' && isWideDelimiter(delimiter)) {
    const message = `on_error is "reject", but the delimiter ${JSON.stringify(delimiter)} has several bytes: damage cannot be contained there`;
    check.problem(['on_error'], message, 'Set on_error to "fail", or convert the files to a single-byte delimiter.');
  }
  if (dataset.on_error === 'fail') {
    for (const key of ['max_rejects', 'rejects'] as const) {
      if (dataset[key] === undefined) continue;
      const hint = 'Set on_error to "reject", or remove it.';
      check.problem([key], `${key} is set, but on_error is "fail": no row is ever set aside`, hint);
    }
  }
  const { rejects } = dataset;
  if (rejects === undefined) return;
  const scheme = schemeOf(rejects);
  if (scheme !== null && scheme !== 'hdfs') {
    const message = `rejects is on ${scheme}://, which is not supported; supported: local paths and hdfs://`;
    check.problem(['rejects'], message, 'Write a local path, or hdfs://<connection>/….');
  }
}

/** `{{` must begin a run variable wherever run variables are filled in. */
function checkTemplates(dataset: Dataset, check: CheckContext): void {
  const templates: [readonly PropertyKey[], string | undefined][] = [
    [['source', 'path'], pathOfSource(dataset.source) ?? undefined],
    ...initialOf(dataset),
    ...tableTexts(dataset),
    [['destination', targetKey(dataset.destination)], destinationTarget(dataset.destination)],
    [['rejects'], dataset.rejects],
    ...declaredFeatures(dataset.source).map((feature, index): [readonly PropertyKey[], string | undefined] => [
      ['source', 'features', index, 'value'],
      feature.value,
    ]),
  ];
  for (const [path, text] of templates) {
    if (text === undefined || !variablesOf(text).malformed) continue;
    const message = `${String(path.at(-1))} holds a {{ that begins no run variable`;
    check.problem(path, message, "Write {{ name }}, or {{ '{{' }} for a literal {{.");
  }
}

function tableTexts({ source }: Dataset): readonly [readonly PropertyKey[], string | undefined][] {
  if (!isTableSource(source)) return [];
  return [
    [['source', 'table'], source.table],
    [['source', 'query'], source.query],
    [['source', 'where'], source.where],
    [['source', 'incremental', 'initial'], source.incremental?.initial],
  ];
}

function initialOf({ source }: Dataset): [readonly PropertyKey[], string | undefined][] {
  if (!isTableSource(source)) return [];
  return [[['source', 'incremental', 'initial'], source.incremental?.initial]];
}
