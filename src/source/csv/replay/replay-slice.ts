import type { Json } from '../../../flow/task.ts';

/** What a task means to a replay: the lines of the reject file that begin in `from … to`. */
export interface ReplaySlice {
  readonly from: number;
  readonly to: number;
  /** Number of the line at `from`. */
  readonly first: number;
}

export function encodeReplaySlice(slice: ReplaySlice): Json {
  return slice as unknown as Json;
}

export function decodeReplaySlice(slice: Json): ReplaySlice {
  return slice as unknown as ReplaySlice;
}
