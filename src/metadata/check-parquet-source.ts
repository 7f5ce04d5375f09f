import type { CheckContext } from './check-context.ts';
import { checkAnyFeature } from './check-feature.ts';
import { checkFeatureNames } from './check-feature-names.ts';
import { checkValueKeys } from './check-value-keys.ts';
import { declaredFeatures } from './is-table-source.ts';
import type { ParquetSource } from './parquet-source-schema.ts';
import { schemeOf } from './path-scheme.ts';

/** What must hold between the keys of a Parquet source and its features. */
export function checkParquetSource(source: ParquetSource, check: CheckContext): void {
  const scheme = schemeOf(source.path);
  if (scheme !== null && scheme !== 'hdfs') {
    const message = `the source path is on ${scheme}://, which is not supported; supported: local files, globs and hdfs://`;
    check.problem(['path'], message, 'Write a local path, or hdfs://<connection>/….');
  }
  if (source.path === '-') {
    const message = 'path is "-", but a Parquet file is read from its end: standard input has none yet';
    check.problem(['path'], message, 'Write it to a file first.');
  }
  if (source.path.includes('\0')) check.problem(['path'], 'path holds a NUL character', 'Remove it.');
  const features = declaredFeatures(source);
  checkFeatureNames(features, check);
  features.forEach((feature, index) => {
    const at = check.below(['features', index]);
    checkAnyFeature(feature, at);
    checkValueKeys(feature, 'parquet', at);
  });
}
