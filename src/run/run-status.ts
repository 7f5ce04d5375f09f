import type { RunStatus } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';

/** The status of a run that has ended, for the ledger. */
export function runStatusOf(receipts: readonly Pick<Receipt, 'outcome'>[], exitCode: number): RunStatus {
  if (exitCode === 130 || exitCode === 143) return 'stopped';
  const published = receipts.some(({ outcome }) => outcome === 'published');
  const failed = receipts.some(({ outcome }) => outcome === 'failed');
  if (!failed) return 'published';
  return published ? 'partly' : 'failed';
}
