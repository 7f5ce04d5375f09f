import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Ledger } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import { openLedger, openStores } from '../registry.ts';
import { exitCodeOf, type StopSignal } from './exit-code.ts';
import type { RunContext } from './run-context.ts';
import { newRunId } from './run-id.ts';
import { runInOrder } from './run-in-order.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { runStatusOf } from './run-status.ts';
import { StopRequest } from './stop-request.ts';

/** What is done for one dataset; `failed` names one that it needs and that was not published. */
export type DatasetWork = (plan: DatasetPlan, context: RunContext, failed: string | null) => Promise<Receipt>;

/**
 * One run from its record in the ledger to its end there: the work of every dataset, in order, each receipt told and recorded.
 * `ledger` null = a sample, of which nothing is remembered.
 */
export async function recordRun(
  options: RunOptions,
  plans: readonly DatasetPlan[],
  ledger: Ledger | null,
  work: DatasetWork,
): Promise<RunResult> {
  const startedAt = new Date();
  const run = newRunId(startedAt);
  const { ocs, onEvent } = options;
  await ledger?.beginRun({
    id: run,
    ocs,
    startedAt: startedAt.toISOString(),
    endedAt: null,
    status: 'running',
    exitCode: null,
    host: hostname(),
    pid: process.pid,
    version: options.version,
  });
  onEvent({ type: 'run_started', run, ocs, datasets: plans.map(({ dataset }) => dataset) });
  const atOnce = Math.min(options.parallelDatasets, plans.length);
  const workers = Math.max(1, Math.floor(options.workers / Math.max(1, atOnce)));
  const loadedAt = BigInt(startedAt.getTime()) * 1000n;
  await using own = options.stores ? null : openStores(options.connections ?? {});
  const stores = options.stores ?? own ?? openStores({});
  const context: RunContext = { run, loadedAt, ledger, options, stores, workers };
  const receipts = await runInOrder(plans, options.parallelDatasets, async (plan, failed) => {
    const receipt = await work(plan, context, failed);
    // told before it is recorded: a full disk fails both, and the first failure is the one to mend
    onEvent({ type: 'dataset_ended', dataset: plan.dataset, receipt });
    // a settled receipt is in the ledger already
    if (receipt.outcome !== 'published') await ledger?.record(receipt);
    return receipt;
  });
  const exitCode = exitCodeOf(receipts, { stopped: stoppedBy(options, receipts), strict: options.strict });
  await ledger?.endRun(run, runStatusOf(receipts, exitCode), exitCode, new Date().toISOString());
  onEvent({ type: 'run_ended', run, exitCode, receipts });
  return { run, exitCode, receipts };
}

/** Opens the ledger of a run, and makes the state folder. Fails with ATLAS_LEDGER_*. */
export async function openRunLedger({
  ledger,
  stateFolder,
  signal,
}: Pick<RunOptions, 'ledger' | 'stateFolder' | 'signal'>): Promise<Ledger> {
  try {
    await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AtlasError('ATLAS_LEDGER_UNAVAILABLE', `the state folder ${stateFolder} cannot be made`, { cause });
  }
  return openLedger(ledger, { stop: signal });
}

/** The signal that stopped the run, where one came before all was done. */
function stoppedBy({ signal }: RunOptions, receipts: readonly Receipt[]): StopSignal | null {
  if (!signal.aborted || !receipts.some(({ error }) => error?.code === 'ATLAS_STOPPED')) return null;
  return signal.reason instanceof StopRequest ? signal.reason.signal : 'SIGINT';
}
