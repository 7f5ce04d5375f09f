import type { CheckContext } from './check-context.ts';
import type { Dataset } from './dataset-schema.ts';
import { destinationTarget, targetKey } from './destination-target.ts';
import type { Group } from './group-schema.ts';
import { isTableSource } from './is-table-source.ts';
import { suggest } from './nearest.ts';
import { variablesOf } from './run-variables.ts';

/** A database source names a declared connection of its own type, and several tables go to several places. `check` stands on the dataset. */
export function checkTableConnection({ source, destination }: Dataset, group: Group, check: CheckContext): void {
  if (!isTableSource(source)) return;
  const names = Object.entries(group.connections).flatMap(([name, { type }]) => (type === source.type ? [name] : []));
  const found = Object.hasOwn(group.connections, source.connection) ? group.connections[source.connection] : undefined;
  if (found === undefined) {
    const declared = names.length === 0 ? `no ${source.type} connection is declared` : `declared: ${names.join(', ')}`;
    const message = `there is no connection ${JSON.stringify(source.connection)}; ${declared}`;
    const hint =
      names.length === 0
        ? `Declare it under connections: "${source.connection}": { "type": "${source.type}", "host": "…", "database": "…", "user": "…", "password": "\${NAME}" }.`
        : suggest(source.connection, names);
    check.problem(['source', 'connection'], message, hint);
  } else if (found.type !== source.type) {
    const message = `the connection ${source.connection} is of type ${found.type}, the source of type ${source.type}`;
    check.problem(['source', 'connection'], message, `Name a ${source.type} connection, or change the type.`);
  }
  if (source.table?.endsWith('*') && !variablesOf(destinationTarget(destination)).names.includes('table')) {
    const message = `table is ${JSON.stringify(source.table)}, which may be several, but ${targetKey(destination)} is ${JSON.stringify(destinationTarget(destination))}`;
    check.problem(
      ['destination', targetKey(destination)],
      message,
      'Put {{ table }} into it: each table goes to a place of its own.',
    );
  }
}
