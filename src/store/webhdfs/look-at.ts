import { AtlasError } from '../../errors.ts';
import type { Found, StoreOptions } from '../store.ts';
import { type Call, jsonOf } from './call.ts';
import { type FileStatus, foundOfStatus } from './file-status.ts';
import { isMissing } from './is-missing.ts';
import type { NameNodes } from './name-nodes.ts';

/** What stands at a path, by the NameNode. */
export async function lookAt(nodes: NameNodes, path: string, options: StoreOptions): Promise<Found> {
  const call: Call = { method: 'GET', op: 'GETFILESTATUS', path, repeatable: true };
  try {
    const { FileStatus: status } = jsonOf<{ FileStatus: FileStatus }>(call, await nodes.call(call, options));
    return foundOfStatus(status, nodes.plan.name);
  } catch (error) {
    if (error instanceof AtlasError && isMissing(error)) return { kind: 'absent' };
    throw error;
  }
}
