import { stat } from 'node:fs/promises';
import type { DatasetPlan, SourcePlan } from '../flow/dataset-plan.ts';
import type { Stores } from '../registry.ts';
import type { WorkerLane } from './worker-lane.ts';

export interface EarlyOptions {
  readonly plan: DatasetPlan;
  readonly loadedAt: bigint;
  readonly stores: Stores;
  readonly workers: number;
  readonly rejectLimit: number;
}

/**
 * Worker threads that start while the main thread still opens ledger, lock and survey: a thread spends its first tenth of
 * a second on loading modules. Only where one large file or table says that they will be needed; what nobody takes ends with this.
 */
export class EarlyThreads implements AsyncDisposable {
  readonly #lanes: WorkerLane[];

  private constructor(lanes: WorkerLane[]) {
    this.#lanes = lanes;
  }

  static async start({ plan, stores, loadedAt, workers, rejectLimit }: EarlyOptions): Promise<EarlyThreads> {
    const { sliceBytes } = plan.source;
    // evolving changes the plan that threads are born with
    const size = workers > 1 && plan.onDrift !== 'evolve' ? await sizeOf(plan.source, stores) : 0;
    if (size <= sliceBytes) return new EarlyThreads([]);
    const { WorkerLane } = await import('./worker-lane.ts');
    const count = Math.min(workers, mostLanes(plan.source), Math.ceil(size / sliceBytes));
    const order = { plan, connections: await stores.share(), module: null, loadedAt, rejectLimit };
    return new EarlyThreads(
      Array.from({ length: count }, (_, index) => new WorkerLane(order, `atlas ${plan.dataset} ${index}`)),
    );
  }

  /** Hands over `count` threads at most; from then on they are the caller's to dispose. */
  take(count: number): WorkerLane[] {
    return this.#lanes.splice(0, count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#lanes.splice(0).map((lane) => lane[Symbol.asyncDispose]()));
  }
}

/** How long to wait for a store that tells a size, in milliseconds: threads that begin later are the lesser evil. */
const PATIENCE_MS = 500;

function mostLanes(source: SourcePlan): number {
  const tables = source.type === 'postgresql' || source.type === 'mysql';
  return (tables ? source.readers : null) ?? Number.POSITIVE_INFINITY;
}

/** Bytes of a regular file, or of a table that is read whole; 0 for everything else, which the survey will judge. */
async function sizeOf(source: SourcePlan, stores: Stores): Promise<number> {
  if (source.type === 'mysql') return 0;
  if (source.type === 'postgresql') {
    const part = source.where !== null || source.range !== undefined || source.readers === 1;
    return part ? 0 : (source.estimatedBytes ?? 0);
  }
  const { path } = source;
  try {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
      const store = await stores.of(path);
      const found = await store.look(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
      return found.kind === 'file' ? found.length : 0;
    }
    const stats = await stat(path);
    return stats.isFile() ? stats.size : 0;
  } catch {
    return 0;
  }
}
