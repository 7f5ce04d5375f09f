/** A position between two records: for a file the byte offset (of the decompressed bytes) at which a record starts. */
export type Cursor = number;
