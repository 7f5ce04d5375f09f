import { basename } from 'node:path';
import { AtlasError } from '../../errors.ts';
import type { Group } from '../../metadata/group-schema.ts';
import { parseGroup } from '../../metadata/parse-group.ts';
import { proposeDatasetName } from '../../plan/propose/propose-names.ts';
import { type Keys, literal, literalPath } from '../../plan/propose/propose-source.ts';
import type { RecordsOptions } from './records-options.ts';

/** What runs of `ingest records` are recorded under. */
export const RECORDS_OCS = 'ingest-records';

/** A file, and how it is read. */
export interface RecordsEntry {
  /** What the file is called. */
  readonly name: string;
  /** Keys of the source, features included. */
  readonly source: Keys;
}

/** Name of the dataset that a file is, unlike those `taken`: that of the table, then that of the file. */
export function recordsDataset(table: string, file: string, taken: Set<string>): string {
  const stem = file === '-' ? 'stdin' : basename(file);
  const name = proposeDatasetName(`${table.replaceAll('/', '_')}-${stem}`, taken);
  taken.add(name);
  return name;
}

/**
 * The group that a file stands in as a dataset, as a document would declare it: nothing of it is written anywhere. `dataset` names it,
 * `connection` its server. Fails with ATLAS_INIT_UNDECIDED where no document can say how to read the file.
 */
export function recordsGroup(
  { name, source }: RecordsEntry,
  { dataset, connection }: { readonly dataset: string; readonly connection: string },
  options: RecordsOptions,
): Group {
  const { table, database, createTable, orderBy, batchSize, maxRejects } = options;
  const document = {
    version: 1,
    ocs: RECORDS_OCS,
    // what it really is was resolved before, and may hold secrets
    connections: { [connection]: { type: 'clickhouse' } },
    dataset_config: [
      {
        name: dataset,
        source,
        destination: {
          type: 'clickhouse',
          connection,
          table: literalPath(table),
          ...(database === null ? {} : { database: literalPath(database) }),
          mode: 'append',
          create_table: createTable,
          ...(orderBy.length === 0 ? {} : { order_by: orderBy.map(literal) }),
          ...(batchSize === null ? {} : { block_rows: Math.min(batchSize, MOST_ROWS) }),
        },
        ...(maxRejects === null ? {} : { on_error: 'reject', max_rejects: maxRejects }),
        on_empty: 'skip',
        on_drift: 'ignore',
      },
    ],
  };
  const environment = { variables: {}, files: new Map<string, never>(), connections: [] };
  const { group, problems } = parseGroup(JSON.stringify(document), `${RECORDS_OCS}.json`, environment);
  if (group !== null) return group;
  const messages = [...new Set(problems.map(({ message }) => message))].slice(0, 5).join('; ');
  throw new AtlasError('ATLAS_INIT_UNDECIDED', `${name}: no dataset can say how to load it: ${messages}`, {
    place: { file: name },
  });
}

/** What metadata allows. */
const MOST_ROWS = 100_000_000;
