import type { StoreOptions } from '../../store.ts';
import { type Call, jsonOf, protocolError } from './call.ts';
import type { NameNodes } from './name-nodes.ts';

/** MKDIRS, DELETE and RENAME without options answer a boolean, and `false` means that nothing was done. */
export function booleanCall(nodes: NameNodes, call: Call, options: StoreOptions): Promise<boolean> {
  return nodes.call(call, options, (answer) => {
    const { boolean } = jsonOf(call, answer);
    if (typeof boolean === 'boolean') return boolean;
    throw protocolError(call, 'a boolean was expected');
  });
}
