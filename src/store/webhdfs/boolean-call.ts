import { AtlasError } from '../../errors.ts';
import type { StoreOptions } from '../store.ts';
import { type Call, jsonOf } from './call.ts';
import type { NameNodes } from './name-nodes.ts';

/** MKDIRS, DELETE and RENAME without options answer a boolean, and `false` means that nothing was done. */
export async function booleanCall(nodes: NameNodes, call: Call, options: StoreOptions): Promise<boolean> {
  const answer = jsonOf<{ boolean?: unknown }>(call, await nodes.call(call, options));
  if (typeof answer.boolean === 'boolean') return answer.boolean;
  throw new AtlasError('ATLAS_HDFS_PROTOCOL', `${call.op} ${call.path}: a boolean was expected`);
}
