import type { Receipt } from '../flow/receipt.ts';
import type { Sink, Staged, TargetLock } from '../flow/sink.ts';
import { account } from './account.ts';
import { recount } from './publish-staged.ts';

/** What publishing a sample needs: the law without its ledger. */
export interface Unrecorded {
  readonly sink: Sink;
  readonly lock: TargetLock;
  readonly staged: Staged;
  readonly receipt: Receipt;
  readonly signal: AbortSignal;
}

/** Publishes a sample: one atomic step as ever, but nobody will ask the ledger about it. */
export async function publishUnrecorded({ sink, lock, staged, receipt, signal }: Unrecorded): Promise<Receipt> {
  try {
    account({ rows: receipt.rows, staged: staged.rows, spans: null, bytes: null });
    await lock.confirm({ signal });
    await sink.commit(staged, { signal });
  } catch (error) {
    await sink.erase(staged, { signal: new AbortController().signal }).catch(() => {});
    throw error;
  }
  await sink.secure(staged, { signal: new AbortController().signal });
  await recount(sink, staged);
  const { bytes: bytesOut, rowGroups, files, post: identity } = staged;
  return { ...receipt, bytesOut, rowGroups, files, identity };
}
