import type { DatasetPlan, FeaturePlan } from '../../flow/dataset-plan.ts';
import type { EvolvedFeature } from '../../flow/drift.ts';
import { type LogicalType, parseLogicalType } from '../../metadata/logical-type.ts';

/** The feature that a run adds for a column that no document declares. */
export function featureOf({ name, type, format, style }: EvolvedFeature, { source }: DatasetPlan): FeaturePlan {
  return {
    name,
    from: name,
    type: publishedType(type),
    nullable: true,
    sensitive: false,
    constant: null,
    format,
    timezone: zoneOf(source.features),
    onLoss: 'reject',
    style,
  };
}

/** The source's zone: only a timestamptz may have another of its own. */
function zoneOf(features: readonly FeaturePlan[]): string {
  const heir = features.find(({ type }) => type.kind !== 'timestamp' || !type.zoned);
  const [first, ...others] = features.map(({ timezone }) => timezone);
  return heir?.timezone ?? (others.every((zone) => zone === first) ? first : null) ?? 'UTC';
}

/** A type of a receipt or an evolved feature, which were named by us. */
export function publishedType(text: string): LogicalType {
  const type = parseLogicalType(text);
  if ('problem' in type) throw new TypeError(type.problem);
  return type;
}
