/** A column of a file that says itself what its columns are. */
export interface FileColumn {
  readonly name: string;
  /** The type that holds every value of it exactly, as features are written; null where there is none. A nested column is `json`. */
  readonly type: string | null;
  /** What it is, in words: `int64`, `a list`, `an INTERVAL`. */
  readonly what: string;
  /** It has parts: a feature takes it as JSON text alone. */
  readonly nested: boolean;
  readonly nullable: boolean;
}

/** What a file says of its columns, no row of it read. Survives JSON. */
export interface FileDescription {
  /** The file that was looked at: the first that a path names. */
  readonly path: string;
  /** Files that the path names. */
  readonly files: number;
  /** Of the file that was looked at. */
  readonly rows: number;
  readonly bytes: number;
  /** In the file's order. */
  readonly columns: readonly FileColumn[];
}
