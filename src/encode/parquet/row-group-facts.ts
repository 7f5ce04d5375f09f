/** Parquet's `Statistics` of a chunk; `max` null = none that is short enough. */
export interface ChunkStatistics {
  readonly nullCount: number;
  readonly min: Uint8Array | null;
  readonly minExact: boolean;
  readonly max: Uint8Array | null;
  readonly maxExact: boolean;
}

/** One column chunk of a fragment; offsets are relative to the fragment's first byte. */
export interface ChunkFacts {
  readonly encodings: readonly number[];
  /** Page type, encoding, number of pages. */
  readonly encodingStats: readonly (readonly [number, number, number])[];
  /** Rows, nulls included. */
  readonly values: number;
  /** Bytes of its pages with their headers. */
  readonly uncompressed: number;
  readonly compressed: number;
  readonly dictionaryOffset: number | null;
  readonly dataOffset: number;
  readonly statistics: ChunkStatistics;
  /** `ColumnIndex`, encoded; null where a page has values but no bounds. */
  readonly columnIndex: Uint8Array | null;
  /** Offset, size with header, and first row of each data page, one after the other. */
  readonly pages: readonly number[];
}

/** What the file writer needs to place a row group: the `facts` of its fragment. */
export interface RowGroupFacts {
  readonly format: 'parquet';
  readonly rows: number;
  readonly columns: readonly ChunkFacts[];
}
