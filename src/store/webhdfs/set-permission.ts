import type { StoreOptions } from '../store.ts';
import { emptyCall } from './call/empty-call.ts';
import type { NameNodes } from './call/name-nodes.ts';

/** Sets the permission bits of a path; doing it twice is doing it once. */
export async function setPermission(
  nodes: NameNodes,
  path: string,
  mode: number,
  options: StoreOptions,
): Promise<void> {
  const parameters = { permission: (mode & 0o1777).toString(8) };
  await emptyCall(nodes, { method: 'PUT', op: 'SETPERMISSION', path, parameters, repeatable: true }, options);
}
