import type { Ledger } from '../../../src/flow/ledger.ts';
import { intentionOf, receiptOf, runRecord } from '../../conformance/ledger/describe-ledger.ts';

/** What a run does to a ledger, from its beginning to its end, and what is in it then. */
export async function wholeRun(ledger: Ledger, run: string): Promise<void> {
  const { signal } = new AbortController();
  const target = '/out/daily.parquet';
  await ledger.beginRun(runRecord(run));
  {
    await using lease = await ledger.hold(target, run, { signal });
    for (const { id, receipt } of await ledger.pending(target)) await ledger.settle(id, receipt);
    await lease.confirm({ signal });
    await ledger.intend(intentionOf(run));
    await lease.confirm({ signal });
    await ledger.settle(`${run}/daily`, receiptOf(run, 'daily', { inputs: [{ path: '/in', bytes: 7, sha256: run }] }));
  }
  await ledger.record(receiptOf(run, 'hourly', { outcome: 'failed' }));
  await ledger.endRun(run, 'partly', 3, '2024-01-01T00:00:09.000Z');
}

/** All that a ledger answers about a run. */
export async function known(ledger: Ledger, run: string): Promise<unknown> {
  const target = '/out/daily.parquet';
  return {
    run: await ledger.run(run),
    receipts: await ledger.receipts(run),
    pending: await ledger.pending(target),
    contents: (await ledger.contentsAt(target)).filter((each) => each.run === run),
    last: await ledger.lastAt(target),
  };
}
