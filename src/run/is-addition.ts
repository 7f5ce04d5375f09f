import type { Staged } from '../flow/sink.ts';

const STEPWISE: ReadonlySet<string> = new Set(['move', 'replace', 'insert']);

/** Whether publishing goes step by step and is rolled forward, instead of being decided by what stands at the target. */
export function isAddition({ addition, table }: Staged): boolean {
  return addition !== undefined || (table !== undefined && STEPWISE.has(table.step));
}
