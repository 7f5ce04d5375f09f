import type { Json } from '../../flow/task.ts';
import type { LineFile } from '../lines/line-file.ts';

/** The survey's findings. Survives JSON. */
export interface JsonlState {
  readonly files: readonly LineFile[];
}

export function encodeState(state: JsonlState): Json {
  return state as unknown as Json;
}

export function decodeState(state: Json): JsonlState {
  return state as unknown as JsonlState;
}
