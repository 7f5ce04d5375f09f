import { AtlasError } from '../errors.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Ledger } from '../flow/ledger.ts';
import type { Receipt } from '../flow/receipt.ts';
import { openStores, type Stores } from '../registry.ts';
import { DatasetFacts } from './dataset-facts.ts';
import { type DatasetReplay, replayedAlready } from './dataset-replay.ts';
import { openRunLedger, recordRun } from './record-run.ts';
import { readSidecar } from './replay-sidecar.ts';
import { runDataset } from './run-dataset.ts';
import type { RunOptions, RunResult } from './run-options.ts';
import { selectRejected } from './select-rejected.ts';

export interface ReplayOptions
  extends Pick<
    RunOptions,
    'connections' | 'stateFolder' | 'ledger' | 'version' | 'workers' | 'strict' | 'ifLocked' | 'onEvent' | 'signal'
  > {
  /** Id of the run whose rejects are replayed. */
  readonly run: string;
  /** Datasets to replay; empty = all of the run that left rejects. */
  readonly datasets: readonly string[];
  /** The plan of a dataset as its metadata says now, or null where nobody knows: only to say whether it is another one. */
  readonly planNow: (ocs: string, dataset: string) => Promise<DatasetPlan | null>;
}

interface Prepared {
  readonly plan: DatasetPlan;
  readonly replay: DatasetReplay;
  /** What to say before it begins. */
  readonly notes: readonly string[];
  /** The receipt of the run that replayed it already. */
  readonly done: Receipt | null;
}

/**
 * Takes the rejects of a run through the plan that they were rejected by, and adds what is good now to what that run published.
 * A dataset whose rejects were replayed already is skipped beside others. Fails with ATLAS_RUN_UNKNOWN, ATLAS_REPLAY_NOTHING,
 * ATLAS_REPLAY_FILE, ATLAS_LEDGER_*, or ATLAS_REPLAY_DONE where nothing else is left to do.
 */
export async function replayRun(options: ReplayOptions): Promise<RunResult> {
  await using ledger = await openRunLedger(options);
  await using stores = openStores(options.connections ?? {});
  const { run: id, datasets } = options;
  const record = await ledger.run(id);
  if (record === null) throw new AtlasError('ATLAS_RUN_UNKNOWN', `there is no run ${JSON.stringify(id)} in the ledger`);
  const rejected = selectRejected(record, await ledger.receipts(id), datasets);
  const replayed = await Promise.all(rejected.map((of) => ledger.replayOf(of)));
  const [of, done] = [rejected[0], replayed[0]];
  if (of && done && replayed.every((each) => each !== null)) throw replayedAlready(of, done);
  const prepared: Prepared[] = [];
  for (const [index, each] of rejected.entries()) {
    prepared.push({ ...(await prepare(each, ledger, stores, options)), done: replayed[index] ?? null });
  }
  const byDataset = new Map(prepared.map((each) => [each.plan.dataset, each]));
  const plans = prepared.map(({ plan }) => plan);
  const all: RunOptions = {
    ...options,
    ocs: record.ocs,
    plans,
    parallelDatasets: 1,
    force: false,
    failFast: false,
    sample: null,
  };
  return await recordRun(all, plans, ledger, async (plan, context) => {
    const { replay, notes, done: before } = byDataset.get(plan.dataset) as Prepared;
    for (const message of notes) options.onEvent({ type: 'note', dataset: plan.dataset, message });
    if (before === null) return runDataset(plan, context, replay);
    return new DatasetFacts(plan, context.run).receipt('skipped', replayedAlready(replay.of, before));
  });
}

async function prepare(
  of: Receipt,
  ledger: Ledger,
  stores: Stores,
  options: ReplayOptions,
): Promise<Omit<Prepared, 'done'>> {
  const path = of.rejects.path ?? '';
  const { plan, state } = await readSidecar(path, of.run, { stores, signal: options.signal });
  if (plan.destination.type === 'parquet' && plan.destination.layout === 'versioned') throw versionIsWhole(of);
  if (plan.source.type !== 'csv') throw notReplayable(plan, of);
  const now = await options.planNow(of.ocs, of.dataset);
  // a plan that followed drift is not the declared one anyway
  const followed = (of.drift?.evolved.length ?? 0) + (of.drift?.widened.length ?? 0) > 0;
  const changed = now !== null && !followed && now.hash !== plan.hash;
  const notes = changed
    ? [
        `the metadata has changed since run ${of.run}: its rejects are read by the plan it had (${plan.hash.slice(0, 12)}…)`,
      ]
    : [];
  return {
    plan: { ...plan, onError: 'reject', maxRejects: null, needs: [], notes: [...notes, ...notesOf(plan)] },
    notes,
    replay: { of, chain: await chainOf(of, ledger), input: { path, state } },
  };
}

function versionIsWhole({ run, dataset, target }: Receipt): AtlasError {
  const message = `${dataset}: ${target} has versions, and that of run ${run} is a whole: nothing is added to it`;
  return new AtlasError('ATLAS_REPLAY_TARGET', message, {
    place: { file: target },
    hint: 'Mend the rows in the inputs and run the group again: that makes a new version.',
  });
}

/** A reject of a table holds its row as JSON, for people: the row itself is in the source still. */
function notReplayable({ dataset, source }: DatasetPlan, { run, rejects }: Receipt): AtlasError {
  const names: Readonly<Record<string, string>> = { parquet: 'Parquet files', jsonl: 'JSON lines' };
  const message = `${dataset}: the rejects of run ${run} come from ${names[source.type] ?? source.type}, and only those of CSV files can be replayed`;
  return new AtlasError('ATLAS_REPLAY_NOTHING', message, {
    place: rejects.path === null ? {} : { file: rejects.path },
    hint: 'Mend the source, or its features, and run the group again.',
  });
}

/** What a reader of the target sees. */
function notesOf({ destination }: DatasetPlan): readonly string[] {
  if (destination.type === 'clickhouse') return ['rows are added to the table as append adds them'];
  if (!destination.folder) return ['readers see the old file, whole, until one rename replaces it by the longer one'];
  return ['files are added one by one, the manifest last: readers may see some of them before all are there'];
}

/** The run that published what is at the target, and every replay of it, up to `last`. */
async function chainOf(last: Receipt, ledger: Ledger): Promise<readonly Receipt[]> {
  const chain = [last];
  for (let at = last; at.replays; ) {
    const { run } = at.replays;
    const before = (await ledger.receipts(run)).find(({ dataset }) => dataset === last.dataset);
    if (!before || chain.includes(before)) {
      throw new AtlasError('ATLAS_INTERNAL', `run ${at.run} replayed run ${run}, which the ledger does not know`);
    }
    chain.unshift(before);
    at = before;
  }
  return chain;
}
