import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { AtlasError } from '../errors.ts';
import type { Ledger } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import { openLedger } from '../registry.ts';
import { DatasetFacts } from './dataset-facts.ts';
import { exitCodeOf, type StopSignal } from './exit-code.ts';
import type { RunContext } from './run-context.ts';
import { runDataset } from './run-dataset.ts';
import { newRunId } from './run-id.ts';
import { runInOrder } from './run-in-order.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { runStatusOf } from './run-status.ts';
import { samplePlan } from './sample-plan.ts';
import { StopRequest } from './stop-request.ts';

/**
 * Runs the datasets of a group: each is published whole or not at all, and its failure is a receipt, not an exception.
 * Fails with ATLAS_LEDGER_* where nothing could be recorded.
 */
export async function runGroup(options: RunOptions): Promise<RunResult> {
  const startedAt = new Date();
  const run = newRunId(startedAt);
  const { ocs, onEvent, sample } = options;
  const plans = sample ? options.plans.map((plan) => samplePlan(plan, sample.file)) : options.plans;
  if (sample && plans.length !== 1) {
    throw new AtlasError('ATLAS_USAGE', `--to takes the rows of one dataset, ${plans.length} are selected`, {
      hint: 'Add --dataset NAME.',
    });
  }
  await using ledger = sample ? null : await open(options);
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
  const context: RunContext = { run, loadedAt, ledger, options, workers };
  const receipts = await runInOrder(plans, options.parallelDatasets, async (plan, failed) => {
    const receipt = failed === null ? await runDataset(plan, context) : skippedAfter(failed, plan, run);
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

async function open({ ledger, stateFolder }: RunOptions): Promise<Ledger> {
  try {
    await mkdir(stateFolder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new AtlasError('ATLAS_LEDGER_UNAVAILABLE', `the state folder ${stateFolder} cannot be made`, { cause });
  }
  return openLedger(ledger);
}

function skippedAfter(failed: string, plan: RunOptions['plans'][number], run: string): Receipt {
  const error = new AtlasError('ATLAS_NEEDS_FAILED', `${plan.dataset} needs ${failed}, which was not published`);
  return new DatasetFacts(plan, run).receipt('skipped', error);
}

/** The signal that stopped the run, where one came before all was done. */
function stoppedBy({ signal }: RunOptions, receipts: readonly Receipt[]): StopSignal | null {
  if (!signal.aborted || !receipts.some(({ error }) => error?.code === 'ATLAS_STOPPED')) return null;
  return signal.reason instanceof StopRequest ? signal.reason.signal : 'SIGINT';
}
