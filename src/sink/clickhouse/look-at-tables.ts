import { existsSync } from 'node:fs';
import type { ClickhouseConnection } from '../../flow/connections.ts';
import type { ClickhouseDatasetPlan, DatasetPlan } from '../../flow/dataset-plan.ts';
import type { Held, Published } from '../../flow/sink.ts';
import type { Abortable } from '../../flow/source.ts';
import type { TableOutlook } from '../../flow/table-outlook.ts';
import { lookAtPublished } from './look-at-published.ts';
import { foreseeClickhouseTable } from './open-clickhouse-sink.ts';
import type { ClickhouseServer } from './server/clickhouse-server.ts';

/** Where servers are had from. */
interface Looking extends Abortable {
  readonly stores: {
    clickhouse(name: string): ClickhouseConnection;
    server(name: string, options: Abortable): Promise<ClickhouseServer>;
  };
}

export const lookAtTables = {
  /**
   * Says what a run would make or change at the table that a plan goes to; null for other destinations. Touches nothing: an embedded engine
   * that has no data yet is not begun. Fails with ATLAS_CH_*.
   */
  async foresee(plan: DatasetPlan, { stores, signal }: Looking): Promise<TableOutlook | null> {
    const { destination } = plan;
    if (destination.type !== 'clickhouse') return null;
    const connection = stores.clickhouse(destination.connection);
    if (connection.folder !== null && !existsSync(connection.folder)) {
      const notes = ['there is no data of the embedded engine yet: a run makes it, and the table'];
      return { target: destination.path, exists: false, statements: [], changes: false, notes };
    }
    const server = await stores.server(destination.connection, { signal });
    return foreseeClickhouseTable(plan as ClickhouseDatasetPlan, { server, connection }, { signal });
  },

  /** How much of what a run published is in its table, and how many rows that has now. Fails with ATLAS_CONNECTION_UNKNOWN, ATLAS_CH_*. */
  async published(
    { connection, ...table }: { readonly connection: string; readonly database: string; readonly table: string },
    published: Published,
    { stores, signal }: Looking,
  ): Promise<{ readonly held: Held; readonly rows: number | null }> {
    return lookAtPublished(await stores.server(connection, { signal }), table, published, { signal });
  },
};
