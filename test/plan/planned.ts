import type { DatasetPlan } from '../../src/flow/dataset-plan.ts';
import type { Group } from '../../src/metadata/group-schema.ts';
import { parseGroup } from '../../src/metadata/parse-group.ts';
import { planDataset } from '../../src/plan/plan-dataset.ts';

export interface Parts {
  readonly source?: object;
  readonly destination?: object;
  readonly dataset?: object;
  readonly variables?: Readonly<Record<string, string>>;
  readonly root?: string;
}

/** A group of one small dataset with some keys of its own. */
export function groupOf({ source, destination, dataset }: Parts): Group {
  const document = {
    ocs: 'g',
    dataset_config: [
      {
        name: 'a',
        source: { type: 'csv', path: 'in/a.csv', features: [{ name: 'x', type: 'int' }], ...source },
        destination: { type: 'parquet', path: 'out/a.parquet', ...destination },
        ...dataset,
      },
    ],
  };
  const { group, problems } = parseGroup(JSON.stringify(document), 'g.json', {
    variables: {},
    files: new Map(),
    connections: [],
  });
  if (group === null) throw new Error(JSON.stringify(problems));
  return group;
}

/** Its plan. */
export function planned(parts: Parts = {}): DatasetPlan {
  const group = groupOf(parts);
  const [dataset] = group.dataset_config;
  if (dataset === undefined) throw new Error('no dataset');
  return planDataset(group, dataset, { root: parts.root ?? '/project', variables: parts.variables ?? {} });
}
