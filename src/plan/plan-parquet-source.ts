import type { FeaturePlan, ParquetSourcePlan } from '../flow/dataset-plan.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import type { ParquetSource } from '../metadata/parquet-source-schema.ts';
import { planConstant } from './plan-constant.ts';
import { planFeature, typeOfFeature } from './plan-feature.ts';
import { type Places, resolvePlace } from './resolve-place.ts';
import type { Templates } from './templates.ts';

/** What a constant of type boolean may be written as. */
const WORDS = { trueValues: ['true'], falseValues: ['false'] };

/** Resolves a Parquet source: absolute path or `hdfs://` name, every feature with what it inherits from the source. */
export function planParquetSource(source: ParquetSource, places: Places, templates: Templates): ParquetSourcePlan {
  const path = templates.fill(source.path, 'source.path');
  return {
    type: 'parquet',
    path: resolvePlace(path, 'source.path', places, templates),
    root: places.root,
    missingColumns: 'refuse',
    features: source.features.map((feature, index) => planParquetFeature(feature, index, source, templates)),
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
