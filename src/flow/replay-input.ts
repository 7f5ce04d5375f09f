import type { Json } from './task.ts';

/** The rejects of an earlier run, to be read once more by the plan that they were read by. */
export interface ReplayInput {
  /** Absolute: the reject file. */
  readonly path: string;
  /** The state of that run's survey: how each input is laid out. */
  readonly state: Json;
}
