import { posix } from 'node:path';
import type { Dataset } from '../metadata/dataset-schema.ts';
import { formatHdfsPath, parseHdfsPath } from '../metadata/hdfs-path.ts';
import { isTableSource } from '../metadata/is-table-source.ts';
import { fillVariables } from '../metadata/run-variables.ts';

/** What datasets do with one connection. Folders are whole names (`hdfs://lake/in`), each once. */
export interface ConnectionUse {
  readonly datasets: readonly string[];
  readonly targets: readonly string[];
  readonly sources: readonly string[];
}

/** Where a glob or a run variable without a value begins. */
const OPEN = /[*?[\]{}]|\{\{/;

/**
 * The connections that datasets use, by name, with the folders that they write into and read; of a database the tables. A run variable without a value ends a
 * path at the folder before it, so that nothing has to be said to look at connections. Pure.
 */
export function connectionUses(
  ocs: string,
  datasets: readonly Dataset[],
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, ConnectionUse>> {
  const uses: Record<string, { datasets: Set<string>; targets: Set<string>; sources: Set<string> }> = {};
  for (const { name, source, destination, rejects } of datasets) {
    const values = { ...variables, ocs, dataset: name };
    const add = (path: string | undefined, kind: 'targets' | 'sources'): void => {
      const hdfs = path === undefined ? null : parseHdfsPath(fillKnown(path, values));
      if (hdfs === null || hdfs.connection === '' || OPEN.test(hdfs.connection)) return;
      uses[hdfs.connection] ??= { datasets: new Set(), targets: new Set(), sources: new Set() };
      const use = uses[hdfs.connection];
      use?.datasets.add(name);
      use?.[kind].add(folderOf(hdfs));
    };
    if (isTableSource(source)) {
      uses[source.connection] ??= { datasets: new Set(), targets: new Set(), sources: new Set() };
      uses[source.connection]?.datasets.add(name);
      uses[source.connection]?.sources.add(source.table === undefined ? '(query)' : fillKnown(source.table, values));
    } else add(source.path, 'sources');
    if (destination.type === 'clickhouse') {
      uses[destination.connection] ??= { datasets: new Set(), targets: new Set(), sources: new Set() };
      uses[destination.connection]?.datasets.add(name);
      uses[destination.connection]?.targets.add(fillKnown(tableOf(destination), values));
    } else add(destination.path, 'targets');
    add(rejects, 'targets');
  }
  return Object.fromEntries(
    Object.entries(uses).map(([name, use]) => [
      name,
      { datasets: [...use.datasets], targets: [...use.targets], sources: [...use.sources] },
    ]),
  );
}

function tableOf({ database, table }: { readonly database?: string | undefined; readonly table: string }): string {
  return database === undefined ? table : `${database}.${table}`;
}

/** The folder that a file, a pattern or a folder lies in: drafts are made there, and renamed. */
function folderOf({ connection, path }: { readonly connection: string; readonly path: string }): string {
  const open = path.search(OPEN);
  const known = open < 0 ? path.replace(/(?<=.)\/$/, '') : path.slice(0, open);
  const folder = open < 0 ? posix.dirname(known) : known.slice(0, known.lastIndexOf('/')) || '/';
  return formatHdfsPath({ connection, path: folder });
}

/** Fills in the variables that have a value; the others stay as they are written. */
function fillKnown(text: string, values: Readonly<Record<string, string>>): string {
  const { missing } = fillVariables(text, values);
  const kept = Object.fromEntries(missing.map((name) => [name, `{{ ${name} }}`]));
  return fillVariables(text, { ...kept, ...values }).text;
}
