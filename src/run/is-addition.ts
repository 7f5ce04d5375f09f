import type { Staged } from '../flow/sink.ts';

/** Whether publishing goes step by step and is rolled forward, instead of being decided by what stands at the target. */
export function isAddition({ addition, table }: Staged): boolean {
  return addition !== undefined || table?.step === 'move' || table?.step === 'replace';
}
