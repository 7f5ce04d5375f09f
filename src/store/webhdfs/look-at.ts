import type { Found, StoreOptions } from '../store.ts';
import { foundOfStatus } from './file-status.ts';
import type { NameNodes } from './name-nodes.ts';
import { statusOf } from './status-of.ts';

/** What stands at a path, by the NameNode. */
export async function lookAt(nodes: NameNodes, path: string, options: StoreOptions): Promise<Found> {
  const status = await statusOf(nodes, path, options);
  return status === null ? { kind: 'absent' } : foundOfStatus(status, nodes.plan.name);
}
