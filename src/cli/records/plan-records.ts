import { AtlasError } from '../../errors.ts';
import type { DatasetPlan } from '../../flow/dataset-plan.ts';
import type { TableAddress } from '../../flow/live-columns.ts';
import { planDataset } from '../../plan/plan-dataset.ts';
import { fitLiveTable, fitNewTable } from './fit-table.ts';
import type { RecordsFile } from './records-file.ts';
import { recordsDataset, recordsGroup } from './records-group.ts';
import type { RecordsOptions } from './records-options.ts';
import { uniteColumns } from './unite-columns.ts';

/** What a run will do with a file. */
export interface PlannedRecords {
  readonly file: RecordsFile;
  readonly plan: DatasetPlan;
  readonly notes: readonly string[];
}

/** A file that cannot be loaded, and why. */
export interface FailedRecords {
  readonly name: string;
  readonly error: AtlasError;
}

/** What planning needs besides the files. */
export interface PlanningFacts {
  readonly address: TableAddress;
  /** Name of the connection. */
  readonly connection: string;
  readonly root: string;
}

/**
 * Plans a dataset for each file: into the columns of the table that is there, else into those of a new one that takes every row of all files.
 * A file that does not fit is answered as failed.
 */
export function planRecords(
  files: readonly RecordsFile[],
  { address, connection, root }: PlanningFacts,
  options: RecordsOptions,
): readonly (PlannedRecords | FailedRecords)[] {
  const table = address.live === null ? uniteColumns(files) : [];
  const taken = new Set<string>();
  return files.map((file) => {
    const { name } = file.input;
    try {
      const { features, notes } =
        address.live === null ? fitNewTable(file, table) : fitLiveTable(file, address.live, address.target);
      const dataset = recordsDataset(options.table, name, taken);
      const group = recordsGroup({ name, source: { ...file.source, features } }, { dataset, connection }, options);
      const [declared] = group.dataset_config;
      if (declared === undefined) throw new TypeError('a group of no dataset');
      const plan = planDataset(group, declared, { root, variables: {} });
      return { file, plan, notes: [...file.notes, ...notes] };
    } catch (error) {
      if (error instanceof AtlasError) return { name, error };
      throw error;
    }
  });
}
