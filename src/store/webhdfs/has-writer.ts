import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { type Call, jsonOf } from './call/call.ts';
import type { NameNodes } from './call/name-nodes.ts';

/** What a gateway answers that does not know the question, or does not pass it on; who may not ask may not read either. */
const UNKNOWN = new Set(['ATLAS_STORE_WRITE', 'ATLAS_HDFS_DENIED', 'ATLAS_HDFS_PROTOCOL']);

/**
 * Whether somebody is writing a file: its length is then that of the blocks that are full. HttpFS cannot say, and is believed to have
 * no such file.
 */
export async function hasWriter(nodes: NameNodes, path: string, options: StoreOptions): Promise<boolean> {
  if (nodes.plan.api === 'httpfs') return false;
  const parameters = { offset: '0', length: '1' };
  const call: Call = { method: 'GET', op: 'GET_BLOCK_LOCATIONS', path, parameters, repeatable: true };
  try {
    return await nodes.call(call, options, (answer) => {
      const { LocatedBlocks: blocks } = jsonOf(call, answer);
      return (blocks as { readonly isUnderConstruction?: unknown } | undefined)?.isUnderConstruction === true;
    });
  } catch (error) {
    if (error instanceof AtlasError && UNKNOWN.has(error.code)) return false;
    throw error;
  }
}
