import type { MessagePort } from 'node:worker_threads';
import type { Connections } from '../flow/connections.ts';
import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { ReplayInput } from '../flow/replay-input.ts';
import type { Json, Task } from '../flow/task.ts';
import type { LaneEvent } from './lane-event.ts';
import type { PackedError } from './packed-error.ts';

/** What a worker thread is born with. */
export interface LaneOrder {
  readonly plan: DatasetPlan;
  /** What its inputs may rest on. */
  readonly connections: Connections;
  /** The kernel, where it is compiled already. */
  readonly module: WebAssembly.Module | null;
  /** Microseconds since 1970, the same in all lanes. */
  readonly loadedAt: bigint;
  readonly rejectLimit: number;
  /** Left out where the plan's own inputs are read. */
  readonly replay?: ReplayInput;
}

/** Main thread to worker; the survey's state comes before the first task. */
export type ToWorker =
  | { readonly type: 'surveyed'; readonly state: Json; readonly port: MessagePort | null }
  | { readonly type: 'read'; readonly task: Task }
  | { readonly type: 'credit' };

/** Worker to main thread; events belong to the task that was sent last. */
export type FromWorker =
  | { readonly type: 'event'; readonly event: LaneEvent }
  | { readonly type: 'failed'; readonly error: PackedError }
  | { readonly type: 'idle' };
