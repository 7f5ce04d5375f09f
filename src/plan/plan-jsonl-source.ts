import type { JsonlSourcePlan } from '../flow/dataset-plan.ts';
import type { JsonlSource } from '../metadata/jsonl-source-schema.ts';
import { parseKeyPath, spellKeyPath } from '../metadata/key-path.ts';
import { planTextFeature } from './plan-text-feature.ts';
import { type Places, resolvePlace } from './resolve-place.ts';
import type { Templates } from './templates.ts';

/** Resolves a source of JSON lines; `from` of each feature is a path of keys in its one spelling. */
export function planJsonlSource(source: JsonlSource, places: Places, templates: Templates): JsonlSourcePlan {
  const path = templates.fill(source.path, 'source.path');
  const texts = { ...source, decimal_separator: '.' as const, thousands_separator: undefined };
  return {
    type: 'jsonl',
    path: path === '-' ? path : resolvePlace(path, 'source.path', places, templates),
    root: places.root,
    compression: source.compression,
    missingColumns: 'refuse',
    nullValues: source.null_values,
    trueValues: source.true_values,
    falseValues: source.false_values,
    features: source.features.map((feature, index) => ({
      ...planTextFeature(feature, index, texts, templates),
      from: keysOf(feature.from, feature.name),
    })),
    maxRowBytes: source.max_row_bytes,
    maxDepth: source.max_depth,
    sliceBytes: source.slice_bytes,
    maxInflatedBytes: source.max_inflated_bytes,
    maxInflationRatio: source.max_inflation_ratio,
  };
}

/** A name without `from` is a key as it stands. */
function keysOf(from: string | undefined, name: string): string {
  const keys = from === undefined ? [name] : parseKeyPath(from);
  if ('problem' in keys) throw new TypeError(`an unvalidated path of keys: ${keys.problem}`);
  return spellKeyPath(keys);
}
