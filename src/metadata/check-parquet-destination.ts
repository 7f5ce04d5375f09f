import type { CheckContext } from './check-context.ts';
import { checkParquetMode } from './check-parquet-mode.ts';
import type { ParquetDestination } from './parquet-destination-schema.ts';
import { schemeOf } from './path-scheme.ts';

/** What must hold between the keys of a Parquet destination. */
export function checkParquetDestination(destination: ParquetDestination, check: CheckContext): void {
  checkPath(destination, check);
  checkParquetMode(destination, check);
  const { compression, compression_level: level } = destination;
  if (level !== undefined && (compression === 'snappy' || compression === 'none')) {
    const message = `compression_level is ${level}, but compression is "${compression}", which has no levels`;
    check.problem(['compression_level'], message, 'Remove it, or choose gzip or zstd.');
  } else if (level !== undefined && compression === 'gzip' && level > 9) {
    check.problem(['compression_level'], `compression_level is ${level}, gzip has 1 to 9`, 'Choose 1 to 9.');
  }
}

function checkPath(destination: ParquetDestination, check: CheckContext): void {
  const { path } = destination;
  const scheme = schemeOf(path);
  if (scheme !== null && scheme !== 'hdfs') {
    const message = `the destination path is on ${scheme}://, which is not supported; supported: local paths and hdfs://`;
    check.problem(['path'], message, 'Write a local path, or hdfs://<connection>/….');
    return;
  }
  if (path.includes('\0')) check.problem(['path'], 'path holds a NUL character', 'Remove it.');
  const several = destination.partition_by.length > 0 || destination.max_rows_per_file !== undefined;
  if (path.endsWith('.parquet') && several) {
    const key = destination.partition_by.length > 0 ? 'partition_by' : 'max_rows_per_file';
    const message = `path ends in .parquet, which is one file, but ${key} makes several`;
    check.problem(['path'], message, 'Name a folder (a name that ends in /), or remove the key.');
  } else if (!path.endsWith('.parquet') && !path.endsWith('/') && !several && !/\}\}$/.test(path)) {
    const message = 'path is neither a file (a name that ends in .parquet) nor a folder (one that ends in /)';
    check.problem(['path'], message, 'Add .parquet or /.');
  }
}
