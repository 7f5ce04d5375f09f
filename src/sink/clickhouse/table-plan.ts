import type { Schema } from '../../batch/schema.ts';
import type { ClickhouseColumn, ClickhouseDestinationPlan, DatasetPlan, NewTable } from '../../flow/dataset-plan.ts';

/** What a sink needs to know of its plan. */
export interface TablePlan {
  readonly mode: 'append' | 'overwrite' | 'replace_partitions';
  readonly schema: Schema;
  readonly columns: readonly ClickhouseColumn[];
  /** null: the table must be there. */
  readonly create: NewTable | null;
  readonly onViews: ClickhouseDestinationPlan['onViews'];
  readonly onDrift: DatasetPlan['onDrift'];
  /** What features keep to beyond their types, by name. */
  readonly ranges: NonNullable<ClickhouseDestinationPlan['ranges']>;
  readonly blockRows: number;
  readonly blockBytes: number;
  /** Nobody else writes to the table. */
  readonly exclusive: boolean;
}
