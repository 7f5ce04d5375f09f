import type { StoreOptions } from '../../store.ts';
import { type Call, protocolError } from './call.ts';
import type { NameNodes } from './name-nodes.ts';

/** RENAME with options and SETPERMISSION answer 200 and nothing else; a page of a gateway is no such answer. */
export function emptyCall(nodes: NameNodes, call: Call, options: StoreOptions): Promise<void> {
  return nodes.call(call, options, ({ status, text }) => {
    if (status !== 200 || text.trim() !== '')
      throw protocolError(call, `200 without a body was expected, not ${status}`);
  });
}
