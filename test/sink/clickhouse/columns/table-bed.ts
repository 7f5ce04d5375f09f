import type { NewTable } from '../../../../src/flow/dataset-plan.ts';
import { planColumns } from '../../../../src/plan/clickhouse/plan-columns.ts';
import type { WantedTable } from '../../../../src/sink/clickhouse/columns/examine-table.ts';
import type { LiveColumn, LiveTable } from '../../../../src/sink/clickhouse/columns/live-table.ts';
import type { TablePlan } from '../../../../src/sink/clickhouse/table-plan.ts';
import { field } from '../../../encode/build-batch.ts';

/** Features by name, as metadata spells their types; a trailing `!` means not nullable. */
export type Features = Readonly<Record<string, string>>;

export interface TableOptions extends Partial<Pick<TablePlan, 'mode' | 'onDrift'>> {
  readonly create?: Partial<NewTable> | null;
  readonly lowCardinality?: readonly string[];
}

/** As much of a plan as a table is held against. */
export function tablePlan(features: Features, options: TableOptions = {}): WantedTable & { readonly made: NewTable } {
  const { create = {}, lowCardinality = [], onDrift = 'fail', mode = 'append' } = options;
  const schema = { fields: Object.entries(features).map(([name, type]) => field(name, type)) };
  const made: NewTable = {
    ...{ declared: [], engine: 'MergeTree', orderBy: [], partitionBy: [], primaryKey: [], settings: {} },
    ...create,
  };
  return {
    schema,
    columns: planColumns(schema, lowCardinality),
    create: create === null ? null : made,
    made,
    onDrift,
    mode,
  };
}

/** A table that is there, of these columns: `Int64`, `Int64 DEFAULT`, `Int64 KEY`. */
export function liveTable(columns: Readonly<Record<string, string>>): LiveTable {
  return {
    ...{ uuid: '61f0c404-5cb3-11e7-907b-a6006ad3dba0', engine: 'MergeTree', engineFull: 'MergeTree ORDER BY tuple()' },
    ...{ partitionKey: '', sortingKey: '', primaryKey: '', zone: 'UTC', hasTime64: true },
    columns: Object.entries(columns).map(([name, text]): LiveColumn => {
      const fill = / (DEFAULT|MATERIALIZED|ALIAS|EPHEMERAL)$/.exec(text)?.[1] as LiveColumn['fill'] | undefined;
      const type = text.replace(/ (DEFAULT|MATERIALIZED|ALIAS|EPHEMERAL|KEY)$/, '');
      return { name, type, fill: fill ?? null, key: text.endsWith(' KEY') };
    }),
  };
}
