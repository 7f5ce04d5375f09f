import { AtlasError } from '../../errors.ts';
import type { FileDescription } from '../../flow/file-description.ts';
import type { Abortable } from '../../flow/source.ts';
import type { ListedTable, TableDescription, TableRequest } from '../../flow/table-description.ts';
import type { Dataset } from '../../metadata/dataset-schema.ts';
import type { Group } from '../../metadata/group-schema.ts';
import { isTableSource } from '../../metadata/is-table-source.ts';
import { suggest } from '../../metadata/nearest.ts';
import { formatTableName, parseTableName } from '../../metadata/table-name.ts';
import type { TableSource } from '../../metadata/table-source-schema.ts';
import type { DescribedDataset } from '../described-dataset.ts';
import { fileToDescribe } from '../file/file-to-describe.ts';
import { describeRequest, fillName } from './describe-request.ts';
import { excludes } from './excludes.ts';
import { safeTableName } from './safe-table-name.ts';

/** What is asked of the servers, by the name of a connection. */
export interface Catalogues {
  describe(connection: string, request: TableRequest, options: Abortable): Promise<TableDescription>;
  list(connection: string, schema: string | null, options: Abortable): Promise<readonly ListedTable[]>;
  /** Looks at the first file of a path, glob or name in a store; left out, files are not looked at. */
  readonly file?: (path: string, root: string, options: Abortable) => Promise<FileDescription>;
}

export interface ResolveOptions {
  readonly group: Group;
  /** Those of the group that are to be planned, in document order. */
  readonly datasets: readonly Dataset[];
  /** Names that were asked for (`shop`, or `shop.orders` of all its tables); all where there are none. */
  readonly names?: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly catalogues: Catalogues;
  /** Absolute: what paths of files are relative to; left out, files are not looked at. */
  readonly root?: string;
}

/** Datasets, each of one table, and what their servers say of them. */
export interface ResolvedTables {
  readonly datasets: readonly Dataset[];
  readonly described: ReadonlyMap<Dataset, DescribedDataset>;
}

/**
 * Asks the databases that datasets name what their tables look like; a dataset that names all tables of a schema becomes one of each,
 * `<dataset>.<table>`. Files whose own columns are taken are asked as well. Nothing is connected to, and no file opened, for other datasets.
 * Fails with ATLAS_DB_*, ATLAS_INPUT_*, ATLAS_PARQUET_*, ATLAS_CONNECTION_UNKNOWN.
 */
export async function resolveTables(options: ResolveOptions, { signal }: Abortable): Promise<ResolvedTables> {
  const { group, variables, catalogues, root } = options;
  const datasets: Dataset[] = [];
  const described = new Map<Dataset, DescribedDataset>();
  for (const dataset of options.datasets) {
    const { source } = dataset;
    const values = { ...variables, ocs: group.ocs, dataset: dataset.name };
    const index = group.dataset_config.indexOf(dataset);
    if (!isTableSource(source)) {
      datasets.push(dataset);
      const path = root === undefined ? null : fileToDescribe(source, { root, connections: group.connections }, values);
      if (path === null || root === undefined || catalogues.file === undefined) continue;
      const file = await catalogues.file(path, root, { signal });
      described.set(dataset, { index, table: null, description: null, file });
      continue;
    }
    const all = await expand(dataset, source, values, catalogues, { signal });
    for (const { each, table } of select(dataset, all, options.names ?? [])) {
      const request = describeRequest(each.source as TableSource, { ...values, ...(table === null ? {} : { table }) });
      const description = await catalogues.describe(source.connection, request, { signal });
      datasets.push(each);
      described.set(each, { index, table, description });
    }
  }
  return { datasets, described };
}

interface OneTable {
  readonly each: Dataset;
  /** Value of `{{ table }}`. */
  readonly table: string | null;
}

/** Of the tables of a dataset those that were asked for. Throws ATLAS_USAGE for one that is not there. */
function select({ name }: Dataset, all: readonly OneTable[], names: readonly string[]): readonly OneTable[] {
  const asked = names.filter((each) => each.startsWith(`${name}.`));
  if (asked.length === 0 || names.includes(name)) return all;
  const known = all.map(({ each }) => each.name);
  for (const each of asked) {
    if (known.includes(each)) continue;
    const message = `--dataset is ${JSON.stringify(each)}, and ${name} has no such table`;
    throw new AtlasError('ATLAS_USAGE', message, { hint: suggest(each, known) });
  }
  return all.filter(({ each }) => asked.includes(each.name));
}

async function expand(
  dataset: Dataset,
  source: TableSource,
  values: Readonly<Record<string, string>>,
  catalogues: Catalogues,
  options: Abortable,
): Promise<readonly OneTable[]> {
  const name = source.table === undefined ? null : parseTableName(fillName(source.table, values));
  if (name?.name !== '*') return [{ each: dataset, table: null }];
  const all = await catalogues.list(source.connection, name.schema, options);
  const tables = all.filter((table) => !excludes(source.exclude, table));
  if (tables.length === 0) throw noTables(dataset, source, all);
  return tables.map((table) => ({
    each: {
      ...dataset,
      name: `${dataset.name}.${safeTableName(table.name)}`,
      source: { ...source, table: formatTableName(table), exclude: [] },
    },
    table: safeTableName(table.name),
  }));
}

function noTables(dataset: Dataset, { table, connection }: TableSource, all: readonly ListedTable[]): AtlasError {
  const found = all.length === 0 ? 'none that this user may read' : `${all.length}, all of which are excluded`;
  return new AtlasError(
    'ATLAS_DB_TABLE_MISSING',
    `${dataset.name}: ${table} of ${connection} are no tables: there are ${found}`,
  );
}
