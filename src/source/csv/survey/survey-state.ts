import type { Json } from '../../../flow/task.ts';
import type { InputCompression } from '../feed/sniff-compression.ts';
import type { Layout } from './layout.ts';
import type { Newline } from './line-end.ts';

/** One input as the survey found it: all that a reader in another thread needs. */
export interface SurveyedFile {
  /** Absolute, or `-`. */
  readonly path: string;
  /** What `@file` and rejects call it. */
  readonly name: string;
  /** Bytes as stored, null for a pipe; the size of the data itself where `plain`. */
  readonly bytes: number | null;
  readonly identity: string | null;
  readonly compression: InputCompression;
  /** The parser sees the bytes as they stand on the disk: a task may begin anywhere. */
  readonly plain: boolean;
  readonly newline: Newline;
  /** The header as it stands in the file, without line end, in base64; null where it is not to be looked for again. */
  readonly headerRecord: string | null;
  /** Index into the layouts; null where the file ends before its header. */
  readonly layout: number | null;
  /** Bytes and lines before the first record (see `Prologue`). */
  readonly start: number;
  readonly header: number;
  readonly skipped: number;
  readonly blank: number;
  readonly comment: number;
  readonly lines: number;
  /** Physical lines before each slice of the file, where a feature wants absolute lines of a file of several slices. */
  readonly linesBefore: readonly number[] | null;
}

/** The survey's findings. Survives JSON. */
export interface CsvState {
  readonly files: readonly SurveyedFile[];
  readonly layouts: readonly Layout[];
}

/** What a task means to a CSV source: files `first` to `last` whole, or the records of one file that start in `from … to`. */
export interface CsvSlice {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  /** Nominal end; null = the end of the input. */
  readonly to: number | null;
}

export function encodeState(state: CsvState): Json {
  return state as unknown as Json;
}

export function decodeState(state: Json): CsvState {
  return state as unknown as CsvState;
}

export function encodeSlice(slice: CsvSlice): Json {
  return slice as unknown as Json;
}

export function decodeSlice(slice: Json): CsvSlice {
  return slice as unknown as CsvSlice;
}
