import type { FeaturePlan, ParquetSourcePlan } from '../flow/dataset-plan.ts';
import type { FileDescription } from '../flow/file-description.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import type { ParquetSource } from '../metadata/parquet-source-schema.ts';
import { proposeFileFeatures } from './file/propose-file-features.ts';
import { planConstant } from './plan-constant.ts';
import { planFeature, typeOfFeature } from './plan-feature.ts';
import { type Places, resolvePlace } from './resolve-place.ts';
import type { Templates } from './templates.ts';

/** What a constant of type boolean may be written as. */
const WORDS = { trueValues: ['true'], falseValues: ['false'] };

/**
 * Resolves a Parquet source: absolute path or `hdfs://` name, every feature with what it inherits from the source. Features that are the
 * file's own (`"*"`) are those of `file`; without it (nothing is opened while metadata is validated) there are none, and the plan cannot
 * be run.
 */
export function planParquetSource(
  source: ParquetSource,
  places: Places,
  templates: Templates,
  file: FileDescription | null = null,
): ParquetSourcePlan {
  const own = source.features === '*';
  const features = source.features === '*' ? proposeFileFeatures(file, templates) : source.features;
  const path = templates.fill(source.path, 'source.path');
  return {
    type: 'parquet',
    path: resolvePlace(path, 'source.path', places, templates),
    root: places.root,
    missingColumns: 'refuse',
    features: features.map((feature, index) => planParquetFeature(feature, index, source, templates)),
    ...(own && { own, described: (file?.columns ?? []).map(({ name, what, nullable }) => ({ name, what, nullable })) }),
    maxRowBytes: source.max_row_bytes,
    maxPageBytes: source.max_page_bytes,
    sliceBytes: source.slice_bytes,
  };
}

function planParquetFeature(feature: Feature, index: number, source: ParquetSource, templates: Templates): FeaturePlan {
  const type = typeOfFeature(feature);
  const constant = planConstant(feature, type, index, WORDS, templates);
  return planFeature(feature, type, source, { constant, format: null, style: null });
}
