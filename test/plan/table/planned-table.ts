import type { DatasetPlan } from '../../../src/flow/dataset-plan.ts';
import type { ServerType, TableDescription } from '../../../src/flow/table-description.ts';
import { parseGroup } from '../../../src/metadata/parse-group.ts';
import { planDataset } from '../../../src/plan/plan-dataset.ts';

/** A column of a table: its type, and whether it must not be null. */
export type Column = readonly [name: string, type: ServerType, required?: 'not null'];

export interface TableParts {
  /** Keys of the source; `features` are `*` where nothing else is said. */
  readonly source?: object;
  readonly destination?: object;
  readonly dataset?: object;
  /** What the server says; columns of `public.t`. */
  readonly columns: readonly Column[];
  readonly server?: 'postgresql' | 'mysql';
}

/** The plan of a dataset that reads a table, or a query where the source has one. */
export function plannedTable({
  source,
  destination,
  dataset,
  columns,
  server = 'postgresql',
}: TableParts): DatasetPlan {
  const named = source !== undefined && 'query' in source ? {} : { table: 'public.t' };
  const document = {
    ocs: 'g',
    connections: { shop: { type: server, host: 'db', database: 'd' } },
    dataset_config: [
      {
        name: 'a',
        source: { type: server, connection: 'shop', features: '*', ...named, ...source },
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
  const [first] = group?.dataset_config ?? [];
  if (group === null || first === undefined) throw new Error(JSON.stringify(problems));
  const relation = 'table' in named ? { schema: 'public', name: 't' } : null;
  const description: TableDescription = {
    ...{ server: 'a server', kind: relation === null ? 'query' : 'table', relation, primaryKey: [] },
    columns: columns.map(([name, type, required]) => ({
      ...{ name, type, comment: null },
      nullable: required === undefined,
    })),
    ...{ estimatedRows: null, estimatedBytes: null },
  };
  const described = new Map([[first, { index: 0, table: null, description }]]);
  return planDataset(group, first, { root: '/p', variables: {}, described });
}
