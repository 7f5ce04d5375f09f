import { AtlasError } from '../errors.ts';
import type { Receipt } from '../flow/receipt.ts';
import { DatasetFacts } from './dataset-facts.ts';
import { refuseOthers } from './incremental/refuse-others.ts';
import { openRunLedger, recordRun } from './record-run.ts';
import { runDataset } from './run-dataset.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { samplePlan } from './sample-plan.ts';

/**
 * Runs the datasets of a group: each is published whole or not at all, and its failure is a receipt, not an exception.
 * Fails with ATLAS_LEDGER_* where nothing could be recorded.
 */
export async function runGroup(options: RunOptions): Promise<RunResult> {
  const { sample } = options;
  const plans = sample ? options.plans.map((plan) => samplePlan(plan, sample.file)) : options.plans;
  if (sample && plans.length !== 1) {
    throw new AtlasError('ATLAS_USAGE', `--to takes the rows of one dataset, ${plans.length} are selected`, {
      hint: 'Add --dataset NAME.',
    });
  }
  if (options.incremental) refuseOthers(plans, FLAGS[options.incremental.kind]);
  await using ledger = sample ? null : await openRunLedger(options);
  return await recordRun(options, plans, ledger, async (plan, context, failed) =>
    failed === null ? runDataset(plan, context) : skippedAfter(failed, plan, context.run),
  );
}

const FLAGS = { since: '--since', full_refresh: '--full-refresh', chunk: '--from' } as const;

function skippedAfter(failed: string, plan: RunOptions['plans'][number], run: string): Receipt {
  const error = new AtlasError('ATLAS_NEEDS_FAILED', `${plan.dataset} needs ${failed}, which was not published`);
  return new DatasetFacts(plan, run).receipt('skipped', error);
}
