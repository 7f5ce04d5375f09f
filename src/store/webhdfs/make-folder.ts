import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { booleanCall } from './call/boolean-call.ts';
import type { Call } from './call/call.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { lookAt } from './look-at.ts';

/** Creates a folder with all that is missing above it; one that is there is fine. `permission`: octal, or null for the cluster's default. */
export async function makeFolder(
  nodes: NameNodes,
  path: string,
  options: StoreOptions,
  permission: string | null = null,
): Promise<void> {
  const parameters: Record<string, string> = permission === null ? {} : { permission };
  const call: Call = { method: 'PUT', op: 'MKDIRS', path, parameters, repeatable: true };
  if (await booleanCall(nodes, call, options)) return;
  if ((await lookAt(nodes, path, options)).kind === 'folder') return;
  throw new AtlasError('ATLAS_STORE_WRITE', `could not create the folder ${path}: MKDIRS answered false`);
}
