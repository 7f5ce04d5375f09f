import type { StoreOptions } from '../../store.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { renameOver } from './rename-path.ts';
import { replaceInSteps } from './replace-in-steps.ts';

/** Gives a file or folder a name, and replaces what has it: see `Store.rename`. In one step where the server knows one. */
export function replacePath(nodes: NameNodes, from: string, to: string, options: StoreOptions): Promise<void> {
  return nodes.plan.api === 'httpfs' ? replaceInSteps(nodes, from, to, options) : renameOver(nodes, from, to, options);
}
