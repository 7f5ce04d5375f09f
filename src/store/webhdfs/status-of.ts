import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { type Call, jsonOf } from './call.ts';
import type { FileStatus } from './file-status.ts';
import { isMissing } from './is-missing.ts';
import type { NameNodes } from './name-nodes.ts';

/** What the NameNode says of a path, or null where there is nothing. */
export async function statusOf(nodes: NameNodes, path: string, options: StoreOptions): Promise<FileStatus | null> {
  const call: Call = { method: 'GET', op: 'GETFILESTATUS', path, repeatable: true };
  try {
    return jsonOf<{ FileStatus: FileStatus }>(call, await nodes.call(call, options)).FileStatus;
  } catch (error) {
    if (error instanceof AtlasError && isMissing(error)) return null;
    throw error;
  }
}
