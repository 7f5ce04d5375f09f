import type { Found, StoreOptions } from '../store.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { foundOfStatus } from './file-status.ts';
import { existingStatusOf, statusOf } from './status-of.ts';

/** What stands at a path, by the NameNode. */
export async function lookAt(nodes: NameNodes, path: string, options: StoreOptions): Promise<Found> {
  const status = await statusOf(nodes, path, options);
  return status === null ? { kind: 'absent' } : foundOfStatus(status, nodes.plan.name);
}

/** The same of what must be there. Fails where there is nothing. */
export async function lookAtExisting(
  nodes: NameNodes,
  path: string,
  options: StoreOptions,
): Promise<Exclude<Found, { kind: 'absent' }>> {
  return foundOfStatus(await existingStatusOf(nodes, path, options), nodes.plan.name);
}
