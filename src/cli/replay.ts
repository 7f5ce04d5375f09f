import { availableParallelism } from 'node:os';
import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import { replayRun } from '../run/replay-run.ts';
import type { RunResult } from '../run/run-options.ts';
import type { ReplayCommandOptions } from './command-options.ts';
import { connectionsNow } from './connections-now.ts';
import { type Folders, findFolders } from './folders.ts';
import type { Io } from './io.ts';
import { loadPlans } from './load-plans.ts';
import { logError } from './log-error.ts';
import { openReporter } from './open-reporter.ts';
import { renderFailure } from './render-failure.ts';
import { receiptsAsJson, renderReceipts } from './render-receipts.ts';
import { renderReplays } from './render-replays.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { packageVersion } from './version.ts';
import { findRun, withLedger } from './with-ledger.ts';

/** `atlas-ingest replay`: takes the rejects of a run, as they are by now, through the same plan into the same target. */
export async function replay(options: ReplayCommandOptions, io: Io): Promise<number> {
  try {
    return await load(options, io);
  } catch (error) {
    if (options.log !== 'json') throw error;
    return logError(error, io);
  }
}

async function load(options: ReplayCommandOptions, io: Io): Promise<number> {
  const folders = findFolders(options, io);
  const { id, ocs, names } = await withLedger(options, io, async (ledger, path) => {
    const run = await findRun(ledger, options.run, path);
    const receipts = (await ledger?.receipts(run.id)) ?? [];
    return { ...run, names: receipts.flatMap(({ target, rejects }) => [target, rejects.path ?? target]) };
  });
  const connections = await connectionsNow(ocs, names, options, io);
  using stop = stopOnSignal(options.log, io);
  let result: RunResult;
  {
    using reporter = await openReporter(options, io);
    result = await replayRun({
      run: id,
      datasets: options.datasets,
      stateFolder: folders.state,
      ledger: folders.ledger,
      version: packageVersion(),
      workers: options.workers ?? availableParallelism(),
      strict: options.strict,
      ifLocked: options.ifLocked,
      connections,
      planNow: plansNow(options, folders, io),
      onEvent: (event) => reporter.hear(event),
      signal: stop.signal,
    });
  }
  const { run, exitCode, receipts } = result;
  if (options.log === 'text') {
    for (const receipt of receipts) {
      if (receipt.outcome === 'failed' || !options.quiet) io.stderr.write(renderFailure(receipt, io));
    }
  }
  if (options.json) io.stdout.write(receiptsAsJson(run, ocs, exitCode, receipts));
  else if (!options.quiet) io.stdout.write(renderReceipts(receipts, io) + renderReplays(receipts, io));
  return exitCode;
}

/** Plans as the metadata says now; null where it cannot be planned any more (a variable is missing, a dataset is gone). */
function plansNow(options: ReplayCommandOptions, folders: Folders, io: Io) {
  return async (ocs: string, dataset: string): Promise<DatasetPlan | null> => {
    try {
      const { plans } = await loadPlans({ ...options, ocs, datasets: [dataset] }, folders, io);
      return plans[0] ?? null;
    } catch (error) {
      if (error instanceof AtlasError) return null;
      throw error;
    }
  };
}
