import type { ClickhouseConnection } from '../../flow/connections.ts';
import type { ClickhouseDatasetPlan } from '../../flow/dataset-plan.ts';
import type { TableOutlook } from '../../flow/table-outlook.ts';
import type { RememberingSink } from '../../flow/target-memory.ts';
import { ClickhouseSink } from './clickhouse-sink.ts';
import { foreseeTable } from './foresee-table.ts';
import type { ClickhouseServer, Waiting } from './server/clickhouse-server.ts';
import { TablePlace } from './table-place.ts';
import type { TablePlan } from './table-plan.ts';

/** What a plan is opened with. */
export interface ClickhouseSinkOptions {
  /** Closed by whoever opened it. */
  readonly server: ClickhouseServer;
  readonly connection: Pick<ClickhouseConnection, 'exclusive' | 'database'>;
  /** All that is in the table is replaced, whatever the mode. */
  readonly refresh?: boolean;
}

/** Opens the table of a plan. */
export function openClickhouseSink(plan: ClickhouseDatasetPlan, options: ClickhouseSinkOptions): RememberingSink {
  const { place, wanted } = targetOf(plan, options);
  return new ClickhouseSink(place, wanted);
}

/** Says what a run would do at the table of a plan; touches nothing. Fails as `examineTable` does. */
export function foreseeClickhouseTable(
  plan: ClickhouseDatasetPlan,
  options: ClickhouseSinkOptions,
  waiting: Waiting,
): Promise<TableOutlook> {
  const { place, wanted } = targetOf(plan, options);
  return foreseeTable(place, wanted, waiting);
}

function targetOf(
  { destination, schema, onDrift }: ClickhouseDatasetPlan,
  options: ClickhouseSinkOptions,
): { readonly place: TablePlace; readonly wanted: TablePlan } {
  const { server, connection, refresh = false } = options;
  const place = new TablePlace(
    server,
    destination.database ?? connection.database ?? server.database,
    destination.table,
  );
  const { columns, create, onViews, blockRows, blockBytes, ranges = {} } = destination;
  const mode = refresh ? 'overwrite' : destination.mode;
  const { exclusive } = connection;
  const shape = { mode, schema, columns, create, onDrift, ranges };
  return { place, wanted: { ...shape, onViews, blockRows, blockBytes, exclusive } };
}
