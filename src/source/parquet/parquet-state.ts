import type { Json } from '../../flow/task.ts';

/** One input as the survey found it; a reader in another thread reads its footer again. */
export interface SurveyedParquet {
  /** Absolute, or an `hdfs://` name. */
  readonly path: string;
  /** What `@file` and rejects call it. */
  readonly name: string;
  readonly identity: string;
}

/** What a task means to a Parquet source: row groups `first` to `last` (exclusive) of one file, and the bytes that count as its own. */
export interface ParquetSlice {
  readonly file: number;
  readonly first: number;
  readonly last: number;
  readonly begin: number;
  readonly end: number;
  /** They are handed on as they are. */
  readonly pass?: true;
}

export function encodeFiles(files: readonly SurveyedParquet[]): Json {
  return { files } as unknown as Json;
}

export function decodeFiles(state: Json): readonly SurveyedParquet[] {
  return (state as unknown as { readonly files: readonly SurveyedParquet[] }).files;
}

export function encodeSlice(slice: ParquetSlice): Json {
  return slice as unknown as Json;
}

export function decodeSlice(slice: Json): ParquetSlice {
  return slice as unknown as ParquetSlice;
}
