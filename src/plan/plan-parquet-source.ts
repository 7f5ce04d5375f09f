import type { FeaturePlan, ParquetSourcePlan } from '../flow/dataset-plan.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import { parseLogicalType } from '../metadata/logical-type.ts';
import type { ParquetSource } from '../metadata/parquet-source-schema.ts';
import { planConstant } from './plan-constant.ts';
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
    features: source.features.map((feature, index) => planFeature(feature, index, source, templates)),
    maxRowBytes: source.max_row_bytes,
    maxPageBytes: source.max_page_bytes,
    sliceBytes: source.slice_bytes,
  };
}

function planFeature(feature: Feature, index: number, source: ParquetSource, templates: Templates): FeaturePlan {
  const type = parseLogicalType(feature.type);
  if ('problem' in type) throw new TypeError(`an unvalidated type: ${type.problem}`);
  return {
    name: feature.name,
    from: feature.from ?? feature.name,
    type,
    nullable: feature.nullable,
    sensitive: feature.sensitive,
    constant: planConstant(feature, type, index, WORDS, templates),
    format: null,
    timezone: feature.timezone ?? source.timezone,
    onLoss: feature.on_loss,
    style: null,
  };
}
