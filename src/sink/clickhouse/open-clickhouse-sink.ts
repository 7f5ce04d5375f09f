import type { ClickhouseConnection } from '../../flow/connections.ts';
import type { ClickhouseDatasetPlan } from '../../flow/dataset-plan.ts';
import type { RememberingSink } from '../../flow/target-memory.ts';
import { ClickhouseSink } from './clickhouse-sink.ts';
import type { ClickhouseServer } from './server/clickhouse-server.ts';
import { TablePlace } from './table-place.ts';

/** What a plan is opened with. */
export interface ClickhouseSinkOptions {
  /** Closed by whoever opened it. */
  readonly server: ClickhouseServer;
  readonly connection: Pick<ClickhouseConnection, 'exclusive' | 'database'>;
  /** All that is in the table is replaced, whatever the mode. */
  readonly refresh?: boolean;
}

/** Opens the table of a plan. */
export function openClickhouseSink(
  { destination, schema, onDrift }: ClickhouseDatasetPlan,
  options: ClickhouseSinkOptions,
): RememberingSink {
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
  return new ClickhouseSink(place, { ...shape, onViews, blockRows, blockBytes, exclusive });
}
