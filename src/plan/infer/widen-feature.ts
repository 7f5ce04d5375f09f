import type { CsvSourcePlan, DatasetPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { ColumnProfile } from '../../flow/profile.ts';
import type { LogicalType } from '../../metadata/logical-type.ts';
import { mayWiden } from '../drift/needs-profiles.ts';
import { partitionFeatures } from '../partition-features.ts';
import { mergeProfiles, readingOf } from './merge-profiles.ts';
import { countNulls } from './null-spellings.ts';
import { timesOfFormat } from './times-of-format.ts';
import { widenToProfile } from './widen-to-profile.ts';
import { widenType } from './widen-type.ts';

/**
 * The type of a feature that holds what its declared type holds, what it held when it was published last, and its values as far as any
 * wider type holds them: values that are written otherwise are left to be rejected. Never a float where the feature names partitions. Pure.
 */
export function widenFeature(
  { source, destination }: DatasetPlan,
  feature: FeaturePlan,
  published: LogicalType | null,
  columns: readonly ColumnProfile[],
): LogicalType {
  const type = published === null ? feature.type : (widenType(feature.type, published) ?? feature.type);
  const start = { ...feature, type };
  if (source.type !== 'csv' || !mayWiden(start) || columns.length === 0) return type;
  const column = mergeProfiles(columns);
  const found = widenToProfile(start, column, source) ?? widenToProfile(start, readable(start, column, source), source);
  if (found === null || found === 'same') return type;
  return found.kind === 'float' && partitionFeatures(destination).includes(feature.name) ? type : found;
}

/** The profile of those values alone that are written as the feature says. */
function readable({ type, format, style }: FeaturePlan, column: ColumnProfile, rules: CsvSourcePlan): ColumnProfile {
  const reading =
    type.kind === 'time' || type.kind === 'timestamp'
      ? timesOfFormat(column, type.kind, format)
      : readingOf(column.numbers, { decimal: style?.decimal ?? '.', thousands: style?.thousands ?? null });
  const values = reading === null || reading === 'unknown' ? 0 : reading.values;
  return { ...column, values, fields: values + countNulls(column, rules) };
}
