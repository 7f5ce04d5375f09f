/** The Parquet loops: dictionary, pack, delta, statistics. */
export interface ParquetExports {
  readonly parquetPlaceholder?: never;
}
