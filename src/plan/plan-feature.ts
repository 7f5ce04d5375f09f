import type { FeaturePlan } from '../flow/dataset-plan.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import { type LogicalType, parseLogicalType } from '../metadata/logical-type.ts';

/** The type of a feature that was validated. */
export function typeOfFeature({ type }: Feature): LogicalType {
  const parsed = parseLogicalType(type);
  if ('problem' in parsed) throw new TypeError(`an unvalidated type: ${parsed.problem}`);
  return parsed;
}

/** Resolves a feature: what it says of itself and inherits of every source, and `spelling`, which sources of text decide. */
export function planFeature(
  feature: Feature,
  type: LogicalType,
  { timezone }: { readonly timezone: string },
  spelling: Pick<FeaturePlan, 'constant' | 'format' | 'style'>,
): FeaturePlan {
  return {
    name: feature.name,
    from: feature.from ?? feature.name,
    type,
    nullable: feature.nullable,
    sensitive: feature.sensitive,
    timezone: feature.timezone ?? timezone,
    onLoss: feature.on_loss,
    ...spelling,
  };
}
