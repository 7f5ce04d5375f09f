/** One or several batches, encoded for a sink: for Parquet a whole row group. Survives `postMessage`. */
export interface Fragment {
  readonly rows: number;
  /** Encoded bytes, one buffer, offsets in `facts` relative to its start. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Size of the values before encoding and compression. */
  readonly rawBytes: number;
  /** Hive partition path (`year=2024/month=1`), or null where there is none. */
  readonly partition: string | null;
  /** What the sink needs to place it (column chunks, statistics, page index): opaque, but structured-cloneable. */
  readonly facts: unknown;
}
