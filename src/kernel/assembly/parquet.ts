// The Parquet loops: dictionary, pack, delta, statistics.
export function parquetVersion(): i32 {
  return 1;
}
