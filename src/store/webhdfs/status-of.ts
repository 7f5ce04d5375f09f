import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import type { Call } from './call/call.ts';
import { isMissing } from './call/is-missing.ts';
import type { NameNodes } from './call/name-nodes.ts';
import { type FileStatus, readStatus } from './file-status.ts';

/** What the NameNode says of a path, or null where there is nothing. */
export async function statusOf(nodes: NameNodes, path: string, options: StoreOptions): Promise<FileStatus | null> {
  try {
    return await existingStatusOf(nodes, path, options);
  } catch (error) {
    if (error instanceof AtlasError && isMissing(error)) return null;
    throw error;
  }
}

/** The same of what must be there. Fails where there is nothing. */
export function existingStatusOf(nodes: NameNodes, path: string, options: StoreOptions): Promise<FileStatus> {
  const call: Call = { method: 'GET', op: 'GETFILESTATUS', path, repeatable: true };
  return nodes.call(call, options, (answer) => readStatus(call, answer));
}
