import type { DatasetPlan } from '../flow/dataset-plan.ts';
import { incrementalOf } from './incremental/begin-at.ts';
import type { RunContext } from './run-context.ts';

/**
 * Whether reading may begin while the target is still being locked: nothing that is read depends on what stands there, no earlier run
 * left anything open there, and the lock is not waited for.
 */
export async function readsSoon(
  plan: DatasetPlan,
  target: string,
  { ledger, options }: Pick<RunContext, 'ledger' | 'options'>,
): Promise<boolean> {
  const { type, mode } = plan.destination;
  const isReplaced = type === 'parquet' && (mode === 'overwrite' || mode === 'error_if_exists');
  if (!isReplaced || incrementalOf(plan) !== null || options.ifLocked.kind === 'wait') return false;
  return ledger === null || (await ledger.pending(target)).length === 0;
}
