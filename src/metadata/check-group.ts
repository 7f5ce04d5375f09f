import type { CheckContext } from './check-context.ts';
import { checkDataset } from './check-dataset.ts';
import { checkDestinationConnection } from './check-destination-connection.ts';
import { checkTableConnection } from './check-table-connection.ts';
import type { Dataset } from './dataset-schema.ts';
import { destinationTarget, targetKey } from './destination-target.ts';
import type { Group } from './group-schema.ts';
import { hdfsPathProblem, nearHdfsProblem, parseHdfsPath } from './hdfs-path.ts';
import { pathOfSource } from './is-table-source.ts';
import { suggest } from './nearest.ts';

/** What must hold between the datasets of a group, and in each. */
export function checkGroup(group: Group, check: CheckContext): void {
  const first = new Map<string, number>();
  const folded = new Map<string, string>();
  const targets = new Map<string, string>();
  const rejects = new Map<string, string>();
  let standardInput: string | null = null;
  group.dataset_config.forEach((dataset, index) => {
    const at = ['dataset_config', index];
    const { name } = dataset;
    if (first.has(name)) {
      const message = `two datasets are named ${JSON.stringify(name)}, numbers ${(first.get(name) ?? 0) + 1} and ${index + 1}`;
      check.problem([...at, 'name'], message, 'Rename one.');
    } else {
      first.set(name, index);
      const other = folded.get(name.toLowerCase());
      if (other !== undefined) {
        const message = `the datasets ${JSON.stringify(other)} and ${JSON.stringify(name)} differ only by case`;
        check.warning([...at, 'name'], message, 'Rename one: some file systems take them for the same.');
      }
      folded.set(name.toLowerCase(), name);
    }
    checkNeeds(group.dataset_config, index, check);
    if (pathOfSource(dataset.source) === '-') {
      if (standardInput !== null) {
        const message = `both ${standardInput} and ${name} read standard input`;
        check.problem([...at, 'source', 'path'], message, 'Only one dataset can.');
      }
      standardInput = name;
    }
    const written = destinationTarget(dataset.destination);
    const target = namedPath(written, name);
    const owner = targets.get(target);
    if (owner !== undefined && owner !== name) {
      const message = `${owner} and ${name} both publish to ${JSON.stringify(written)}`;
      const hint =
        dataset.destination.type === 'parquet' ? 'Give each a path of its own.' : 'Give each a table of its own.';
      check.problem([...at, 'destination', targetKey(dataset.destination)], message, hint);
    }
    targets.set(target, name);
    if (dataset.rejects !== undefined) {
      const path = namedPath(dataset.rejects, name);
      const other = rejects.get(path);
      if (other !== undefined && other !== name) {
        const message = `${other} and ${name} both write rejects to ${JSON.stringify(dataset.rejects)}`;
        check.problem([...at, 'rejects'], message, 'Put {{ dataset }} into it.');
      }
      rejects.set(path, name);
    }
    // one that is declared, and wrong, is told as such
    if (check.whole(['connections'])) {
      checkAuthorities(dataset, group, check.below(at));
      checkTableConnection(dataset, group, check.below(at));
      checkDestinationConnection(dataset, group, check.below(at));
    }
    checkDataset(dataset, check.below(at));
  });
}

/** What follows `hdfs://` must be a connection of the group; a run variable there is filled in later. */
function checkAuthorities({ source, destination, rejects }: Dataset, group: Group, check: CheckContext): void {
  const paths: [readonly PropertyKey[], string | undefined][] = [
    [['source', 'path'], pathOfSource(source) ?? undefined],
    [['destination', 'path'], destination.type === 'parquet' ? destination.path : undefined],
    [['rejects'], rejects],
  ];
  for (const [at, text] of paths) {
    const near = text === undefined ? null : nearHdfsProblem(text);
    if (near !== null) check.problem(at, near.message, near.hint);
    const path = text === undefined ? null : parseHdfsPath(text);
    if (path === null || path.connection.includes('{')) continue;
    const problem = hdfsPathProblem(path, group.connections);
    if (problem !== null) check.problem(at, problem.message, problem.hint);
  }
}

/** A path as it will be for a dataset, as far as that is known; other run variables are the same for all. */
function namedPath(path: string, dataset: string): string {
  return path.replaceAll(/\{\{\s*dataset\s*\}\}/g, dataset).replace(/\/+$/, '');
}

/** What a dataset needs must exist and stand before it: that is also why needs can never go round in a circle. */
function checkNeeds(datasets: readonly Dataset[], index: number, check: CheckContext): void {
  const dataset = datasets[index];
  if (dataset === undefined || !check.whole(['dataset_config'])) return;
  const names = datasets.map((each) => each.name);
  const earlier = datasets.slice(0, index).map((each) => each.name);
  dataset.needs.forEach((need, position) => {
    const at = ['dataset_config', index, 'needs', position];
    if (need === dataset.name) {
      check.problem(at, `${need} needs itself`, 'Remove it.');
    } else if (!names.includes(need)) {
      const others = names.filter((name) => name !== dataset.name);
      check.problem(
        at,
        `${dataset.name} needs ${JSON.stringify(need)}, which is no dataset here`,
        suggest(need, others),
      );
    } else if (!earlier.includes(need)) {
      const message = `${dataset.name} needs ${need}, which stands after it; datasets run in the order they stand`;
      check.problem(at, message, `Move ${need} before ${dataset.name}.`);
    }
  });
}
