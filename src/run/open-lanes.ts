import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { ReplayInput } from '../flow/replay-input.ts';
import type { Survey } from '../flow/source.ts';
import type { Stores } from '../registry.ts';
import type { EarlyThreads } from './early-threads.ts';
import type { Lane } from './lane.ts';
import { LocalLane } from './local-lane.ts';
import type { ReadTaskOptions } from './read-task.ts';
import type { Workbench } from './workbench.ts';

export interface LanesOptions {
  readonly plan: DatasetPlan;
  /** The main thread's own. */
  readonly bench: Workbench;
  readonly survey: Survey;
  /** Threads that were started before the survey. */
  readonly early: EarlyThreads;
  /** Microseconds since 1970 that `@loaded_at` stands for. */
  readonly loadedAt: bigint;
  readonly stores: Stores;
  /** Threads to use at most. */
  readonly workers: number;
  readonly rejectLimit: number;
  /** Rows to read at most; anything but Infinity needs a single worker. */
  readonly rowLimit: number;
  /** null where the plan's own inputs are read. */
  readonly replay: ReplayInput | null;
  readonly signal: AbortSignal;
}

export interface Lanes extends AsyncDisposable {
  readonly lanes: readonly Lane[];
  /** One more lane, in this thread; opened when it is first asked for. */
  readonly spare: () => Promise<Lane>;
}

/**
 * Opens the lanes of a dataset: one in this thread where threads would not pay (a single task, or an input no larger than
 * one slice), else worker threads.
 */
export async function openLanes(options: LanesOptions): Promise<Lanes> {
  const { plan, bench, survey, early, stores, loadedAt, signal, rejectLimit, rowLimit, replay } = options;
  const reading: ReadTaskOptions = { state: survey.state, rejectLimit, rows: { left: rowLimit }, signal };
  const count = laneCount(options);
  const opened: Lane[] = [];
  let spare: Lane | null = null;
  const dispose = async (): Promise<void> => {
    await Promise.all([...opened, ...(spare ? [spare] : [])].map((lane) => lane[Symbol.asyncDispose]()));
  };
  if (count === 1) opened.push(new LocalLane(bench, reading));
  else {
    const { WorkerLane } = await import('./worker-lane.ts');
    const { module } = bench.source.kernel;
    const lanes = early.take(count);
    const connections = await stores.share();
    while (lanes.length < count) {
      const order = { plan, connections, module, loadedAt, rejectLimit, ...(replay && { replay }) };
      lanes.push(new WorkerLane(order, `atlas ${plan.dataset} ${lanes.length}`));
    }
    for (const lane of lanes) lane.survey(survey.state, bench.source.share?.() ?? null);
    opened.push(...lanes);
  }
  return {
    lanes: opened,
    spare: async () => {
      spare ??= new LocalLane(bench, reading);
      return spare;
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function laneCount({ plan, survey, workers }: LanesOptions): number {
  const { tasks } = survey;
  if (workers <= 1 || tasks.length <= 1) return 1;
  const { source } = plan;
  // connections and threads are not the same there: several threads work on what one connection brings
  if (source.type === 'mysql') return Math.min(workers, tasks.length);
  if (source.type === 'postgresql') {
    return Math.min(workers, tasks.length, source.readers ?? workers);
  }
  let bytes = 0;
  for (const task of tasks) bytes += task.bytes ?? Number.POSITIVE_INFINITY;
  // tasks of Parquet hold decompressed bytes: where there are several, each is worth a thread
  if (plan.source.type === 'parquet') return bytes <= plan.source.sliceBytes / 4 ? 1 : Math.min(workers, tasks.length);
  return bytes <= plan.source.sliceBytes ? 1 : Math.min(workers, tasks.length);
}
