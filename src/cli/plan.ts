import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Ledger } from '../flow/ledger.ts';
import { describeChange } from '../plan/compare-schemas.ts';
import { explainPlan } from '../plan/explain-plan.ts';
import { type PlanChanges, planChanges } from '../plan/plan-changes.ts';
import type { PlanOptions } from './command-options.ts';
import { findFolders } from './folders.ts';
import type { Io } from './io.ts';
import { loadPlans } from './load-plans.ts';
import { planJson } from './plan-json.ts';
import type { PlannedDataset } from './planned-dataset.ts';
import { renderError } from './render-error.ts';
import { surveyPlan } from './survey-plan.ts';
import { withLedger } from './with-ledger.ts';

/** What `--exit-code` answers where schema or loss changes. */
const CHANGED = 10;

/**
 * Prints what a run would do, touching nothing: plans, what is there to read, what changes against what was last published.
 * Answers 0, 10 with `--exit-code` where schema or loss changes, or the exit code of the first input that a run would fail on.
 */
export async function plan(options: PlanOptions, io: Io): Promise<number> {
  const folders = findFolders(options, io);
  const { plans, warnings } = await loadPlans(options, folders, io);
  io.stderr.write(warnings);
  const { signal } = new AbortController();
  const planned = await withLedger(options, io, async (ledger) => {
    const all: PlannedDataset[] = [];
    for (const each of plans) {
      all.push({ plan: each, surveyed: await surveyPlan(each, signal), changes: await changesOf(each, ledger) });
    }
    return all;
  });
  if (options.json) io.stdout.write(`${JSON.stringify(planJson(options.ocs, planned))}\n`);
  else io.stdout.write(planned.map(render).join('\n'));
  let exit = 0;
  for (const { surveyed } of planned) {
    if (surveyed.kind !== 'failed') continue;
    const code = renderError(surveyed.error, io);
    if (exit === 0) exit = code;
  }
  if (exit !== 0 || !options.exitCode) return exit;
  return planned.some(({ changes }) => changes?.changed) ? CHANGED : 0;
}

async function changesOf(each: DatasetPlan, ledger: Ledger | null): Promise<PlanChanges | null> {
  const receipt = (await ledger?.lastPublished(each.ocs, each.dataset)) ?? null;
  return receipt === null ? null : planChanges(each, receipt);
}

function render({ plan: each, surveyed, changes }: PlannedDataset): string {
  const lines = [...explainPlan(each, surveyed.kind === 'seen' ? surveyed.survey : null)];
  const add = (key: string, text: string) => lines.push(`  ${key.padEnd(12)} ${text}`);
  if (surveyed.kind === 'unseen') add('input', surveyed.reason);
  if (surveyed.kind === 'failed') add('input', `a run would fail: ${surveyed.error.code}, ${surveyed.error.message}`);
  if (changes === null) add('changes', 'nothing was published before');
  else if (!changes.changed) add('changes', 'none in schema or loss since it was last published');
  for (const change of changes?.schema ?? []) add('changes', describeChange(change));
  for (const note of changes?.newLosses ?? []) add('changes', `new: ${note}`);
  for (const note of changes?.goneLosses ?? []) add('changes', `no longer: ${note}`);
  return `${lines.join('\n')}\n`;
}
