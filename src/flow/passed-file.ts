import type { Field } from '../batch/schema.ts';

/** A column of row groups that are handed on as they rest in their file. */
export interface PassedColumn {
  /** Named as the feature; nullable as the file says. */
  readonly field: Field;
  /** Parquet's `Type` and, of FIXED_LEN_BYTE_ARRAY, bytes of a value. */
  readonly physical: { readonly type: number; readonly width: number };
}

/** One of its column chunks; numbers are those of parquet.thrift. */
export interface PassedChunk {
  readonly codec: number;
  readonly encodings: readonly number[];
  readonly values: number;
  readonly uncompressed: number;
  readonly compressed: number;
  /** Of its first data page, relative to the first byte that is handed on. */
  readonly dataOffset: number;
  readonly dictionaryOffset: number | null;
}

export interface PassedGroup {
  readonly rows: number;
  /** Parallel to the columns. */
  readonly chunks: readonly PassedChunk[];
}

/** What the footer of handed on row groups must say. */
export interface PassedFile {
  readonly columns: readonly PassedColumn[];
  readonly groups: readonly PassedGroup[];
}

/** The `facts` of a fragment that is a piece of a Parquet file without its magic and footer: pieces come in order, none is one by itself. */
export interface PassedFacts {
  readonly format: 'parquet';
  /** null: more pieces of the same file follow. The last one has no bytes, and all the rows. */
  readonly file: PassedFile | null;
}

/** Whether the `facts` of a fragment are these. */
export function isPassed(facts: unknown): facts is PassedFacts {
  return (facts as { readonly format?: unknown } | null)?.format === 'parquet';
}
