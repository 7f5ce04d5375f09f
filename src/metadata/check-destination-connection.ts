import type { CheckContext } from './check-context.ts';
import type { Dataset } from './dataset-schema.ts';
import type { Group } from './group-schema.ts';
import { suggest } from './nearest.ts';

/** A ClickHouse destination names a declared connection of its own type. `check` stands on the dataset. */
export function checkDestinationConnection({ destination }: Dataset, group: Group, check: CheckContext): void {
  if (destination.type !== 'clickhouse') return;
  const { connection } = destination;
  const names = Object.entries(group.connections).flatMap(([name, { type }]) => (type === 'clickhouse' ? [name] : []));
  const found = Object.hasOwn(group.connections, connection) ? group.connections[connection] : undefined;
  if (found === undefined) {
    const declared = names.length === 0 ? 'no clickhouse connection is declared' : `declared: ${names.join(', ')}`;
    const message = `there is no connection ${JSON.stringify(connection)}; ${declared}`;
    const hint =
      names.length === 0
        ? `Declare it under connections: "${connection}": { "type": "clickhouse", "url": "https://…:8443" }, or "url": "chdb:data/clickhouse" for the embedded engine.`
        : suggest(connection, names);
    check.problem(['destination', 'connection'], message, hint);
  } else if (found.type !== 'clickhouse') {
    const message = `the connection ${connection} is of type ${found.type}, the destination of type clickhouse`;
    check.problem(['destination', 'connection'], message, 'Name a clickhouse connection, or change the type.');
  }
}
