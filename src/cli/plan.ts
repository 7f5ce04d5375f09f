import { AtlasError, CODES } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import { explainOutlook } from '../plan/clickhouse/explain-outlook.ts';
import { describeChange } from '../plan/compare-schemas.ts';
import { hasDrifted } from '../plan/drift/has-drifted.ts';
import { explainPlan } from '../plan/explain-plan.ts';
import { planChanges } from '../plan/plan-changes.ts';
import { openStores, type Stores, tableLooks } from '../registry.ts';
import { type Foresight, type ForesightOptions, foresee } from '../run/incremental/foresee.ts';
import type { PlanOptions } from './command-options.ts';
import { findFolders } from './folders.ts';
import type { Io } from './io.ts';
import { loadPlans } from './load-plans.ts';
import { planJson } from './plan-json.ts';
import type { PlannedDataset } from './planned-dataset.ts';
import { renderError } from './render-error.ts';
import { type Surveyed, surveyPlan } from './survey-plan.ts';
import { withLedger } from './with-ledger.ts';

/** What `--exit-code` answers where schema or loss changes. */
const CHANGED = 10;

/**
 * Prints what a run would do, touching nothing: plans, what is there to read, what changes against what was last published.
 * Answers 0, 10 with `--exit-code` where schema or loss changes, or the exit code of the first input that a run would fail on.
 */
export async function plan(options: PlanOptions, io: Io): Promise<number> {
  const folders = findFolders(options, io);
  const { plans, connections, warnings } = await loadPlans(options, folders, io);
  io.stderr.write(warnings);
  const { signal } = new AbortController();
  await using stores = openStores(connections);
  const planned = await withLedger(options, io, async (ledger) => {
    const all: PlannedDataset[] = [];
    for (const each of plans) {
      const last = (await ledger?.lastPublished(each.ocs, each.dataset)) ?? null;
      const foresight = await foreseen(each, { ledger, stores, order: options.begin, force: options.force, signal });
      const surveyed = 'error' in foresight ? foresight : await surveyPlan(foresight.plan, last, stores, signal);
      const seen = surveyed.kind === 'seen' ? surveyed : { plan: each, drift: null };
      const drifted = last !== null && hasDrifted(seen.drift, last.drift ?? null);
      const changes = last === null ? null : planChanges(seen.plan, last);
      const looked = await lookAtTable(seen.plan, stores, signal);
      all.push({
        plan: seen.plan,
        surveyed,
        ...looked,
        drift: seen.drift,
        drifted,
        changes,
        begins: 'error' in foresight ? [] : foresight.lines,
      });
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
  for (const { unseenTable } of planned) {
    if (unseenTable === null || isAway(unseenTable)) continue;
    const code = renderError(unseenTable, io);
    if (exit === 0) exit = code;
  }
  if (exit !== 0 || !options.exitCode) return exit;
  const isNew = ({ drifted, changes, outlook }: PlannedDataset): boolean =>
    drifted || changes?.changed === true || outlook?.changes === true;
  return planned.some(isNew) ? CHANGED : 0;
}

/** Whether a plan holds whatever the server would say: it cannot be reached now, or is another's. */
function isAway({ code }: AtlasError): boolean {
  return CODES[code].retryable || code === 'ATLAS_CH_ENGINE_MISSING';
}

async function lookAtTable(
  each: DatasetPlan,
  stores: Stores,
  signal: AbortSignal,
): Promise<Pick<PlannedDataset, 'outlook' | 'unseenTable'>> {
  if (each.destination.type !== 'clickhouse') return { outlook: null, unseenTable: null };
  try {
    return { outlook: await (await tableLooks()).foresee(each, { stores, signal }), unseenTable: null };
  } catch (error) {
    if (error instanceof AtlasError) return { outlook: null, unseenTable: error };
    throw error;
  }
}

type Foreseen = Pick<Foresight, 'plan' | 'lines'> | Extract<Surveyed, { kind: 'failed' }>;

async function foreseen(each: DatasetPlan, options: ForesightOptions): Promise<Foreseen> {
  try {
    return (await foresee(each, options)) ?? { plan: each, lines: [] };
  } catch (error) {
    if (error instanceof AtlasError) return { kind: 'failed', error };
    throw error;
  }
}

function render({ plan: each, surveyed, drift, changes, begins, outlook, unseenTable }: PlannedDataset): string {
  const lines = [...explainPlan(each, surveyed.kind === 'seen' ? surveyed.survey : null)];
  const add = (key: string, text: string) => lines.push(`  ${key.padEnd(12)} ${text}`);
  for (const line of begins) add('begins', line);
  if (surveyed.kind === 'unseen') add('input', surveyed.reason);
  if (surveyed.kind === 'failed') add('input', `a run would fail: ${surveyed.error.code}, ${surveyed.error.message}`);
  for (const line of explainOutlook(outlook)) add('table', line);
  if (unseenTable !== null) {
    const { code, message } = unseenTable;
    add(
      'table',
      `${isAway(unseenTable) ? 'not looked at' : 'a run would fail'}: ${code}, ${message.split('\n', 1)[0]}`,
    );
  }
  for (const note of drift?.notes ?? []) add('drift', note);
  if (changes === null) add('changes', 'nothing was published before');
  else if (!changes.changed) add('changes', 'none in schema or loss since it was last published');
  for (const change of changes?.schema ?? []) add('changes', describeChange(change));
  for (const note of changes?.newLosses ?? []) add('changes', `new: ${note}`);
  for (const note of changes?.goneLosses ?? []) add('changes', `no longer: ${note}`);
  return `${lines.join('\n')}\n`;
}
