import type { CheckContext } from './check-context.ts';
import { checkAnyFeature } from './check-feature.ts';
import { checkFeatureNames } from './check-feature-names.ts';
import type { Feature } from './feature-schema.ts';
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
  checkFeatureNames(source.features, check);
  source.features.forEach((feature, index) => {
    const at = check.below(['features', index]);
    checkAnyFeature(feature, at);
    checkTextKeys(feature, at);
  });
}

/** Keys that say how a value is written: Parquet holds values, not their spelling. */
const TEXT_KEYS = ['format', 'decimal_separator', 'thousands_separator', 'percent', 'currency'] as const;

function checkTextKeys(feature: Feature, check: CheckContext): void {
  for (const key of TEXT_KEYS) {
    if (feature[key] === undefined || (key === 'format' && feature.value !== undefined)) continue;
    const message = `${key} is set, but the source is Parquet, which holds values and not how they are written`;
    check.problem([key], message, `Remove ${key}.`);
  }
}
