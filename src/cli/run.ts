import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Backfill } from '../run/incremental/chunks-of.ts';
import type { BackfillResult } from '../run/run-backfill.ts';
import { runGroup } from '../run/run-group.ts';
import type { RunOptions, RunResult } from '../run/run-options.ts';
import type { RunCommandOptions } from './command-options.ts';
import { findFolders } from './folders.ts';
import type { Io } from './io.ts';
import { loadPlans } from './load-plans.ts';
import { logError } from './log-error.ts';
import { openReporter } from './open-reporter.ts';
import { renderFailure } from './render-failure.ts';
import { receiptsAsJson, renderReceipts } from './render-receipts.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { packageVersion } from './version.ts';

/** `atlas-ingest run`: loads the datasets of a group and publishes them. With `--log json` an error is a line of JSON too. */
export async function run(options: RunCommandOptions, io: Io): Promise<number> {
  try {
    return await load(options, io);
  } catch (error) {
    if (options.log !== 'json') throw error;
    return logError(error, io);
  }
}

async function load(options: RunCommandOptions, io: Io): Promise<number> {
  if (options.dryRun) {
    const { plan } = await import('./plan.ts');
    return plan({ ...options, exitCode: false }, io);
  }
  const folders = findFolders(options, io);
  const { plans, connections, warnings } = await loadPlans(options, folders, io);
  if (!options.quiet) io.stderr.write(warnings);
  using stop = stopOnSignal(options.log, io);
  const { begin } = options;
  const about: Omit<RunOptions, 'onEvent'> = {
    ocs: options.ocs,
    plans,
    connections,
    stateFolder: folders.state,
    ledger: folders.ledger,
    version: packageVersion(),
    workers: options.workers ?? availableParallelism(),
    parallelDatasets: options.parallelDatasets,
    force: options.force,
    strict: options.strict,
    failFast: options.failFast,
    ifLocked: options.ifLocked,
    sample: options.sample && { rows: options.sample.rows, file: resolve(io.cwd, options.sample.file) },
    signal: stop.signal,
  };
  if (begin?.kind === 'backfill') return backfill(about, begin, options, io);
  let result: RunResult;
  {
    using reporter = await openReporter(options, io);
    const onEvent: RunOptions['onEvent'] = (event) => reporter.hear(event);
    result = await runGroup({ ...about, ...(begin && { incremental: begin }), onEvent });
  }
  report(result, options, io);
  return result.exitCode;
}

async function backfill(
  about: Omit<RunOptions, 'onEvent'>,
  begin: Backfill,
  options: RunCommandOptions,
  io: Io,
): Promise<number> {
  const [{ runBackfill }, { renderBackfill }] = await Promise.all([
    import('../run/run-backfill.ts'),
    import('./render-backfill.ts'),
  ]);
  let result: BackfillResult;
  {
    using reporter = await openReporter(options, io);
    result = await runBackfill({ ...about, onEvent: (event) => reporter.hear(event) }, begin);
  }
  renderBackfill(result, options, io);
  return result.exitCode;
}

function report({ run: id, exitCode, receipts }: RunResult, options: RunCommandOptions, io: Io): void {
  if (options.log === 'text') {
    for (const receipt of receipts) {
      if (receipt.outcome === 'failed' || !options.quiet) io.stderr.write(renderFailure(receipt, io));
    }
  }
  if (options.json) io.stdout.write(receiptsAsJson(id, options.ocs, exitCode, receipts));
  else if (!options.quiet) io.stdout.write(renderReceipts(receipts, io));
}
