/** A position between two records: for a file the byte offset (of the decompressed bytes) at which a record, or for Parquet a row group, starts. */
export type Cursor = number;
