import type { Json } from '../../flow/task.ts';

/** What a task means to a source of lines: files `first` to `last` whole, or the records of one file that start in `from … to`. */
export interface FileSlice {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  /** Nominal end; null = the end of the input. */
  readonly to: number | null;
}

export function encodeSlice(slice: FileSlice): Json {
  return slice as unknown as Json;
}

export function decodeSlice(slice: Json): FileSlice {
  return slice as unknown as FileSlice;
}
