import type { DestinationPlan } from '../../flow/dataset-plan.ts';
import type { Connection } from '../../metadata/connection-schema.ts';

/** What a reader sees of rows that are added to a table, by whether others write to it too: its connection says that, not its plan. */
export function describeTableWriter(
  destination: DestinationPlan,
  connections: Readonly<Record<string, Connection>>,
): readonly string[] {
  if (destination.type !== 'clickhouse' || destination.mode !== 'append' || destination.onViews === 'direct') return [];
  const { connection: name } = destination;
  const connection = Object.hasOwn(connections, name) ? connections[name] : undefined;
  if (connection?.type !== 'clickhouse') return [];
  const urls = typeof connection.url === 'string' ? [connection.url] : (connection.url ?? []);
  const appears = 'a table that is not there appears whole, by one step';
  if (connection.writer === 'exclusive' || urls.some((url) => url.startsWith('chdb:'))) {
    return [
      'rows are added by one step (EXCHANGE TABLES), whatever their partitions: readers see all of a load or nothing of it',
    ];
  }
  return [
    appears,
    'rows are added to a table partition by partition (MOVE PARTITION), each whole: atomic per partition, so that readers of several may see some before all',
    `"writer": "exclusive" of the connection ${name} makes it one step, where nobody else writes to the table`,
  ];
}
