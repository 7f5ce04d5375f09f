import type { DestinationPlan, FeaturePlan, SourcePlan } from '../flow/dataset-plan.ts';
import { comparePoints, type Point, parsePoint } from '../flow/point.ts';
import { nameLogicalType, type TimeUnit } from '../metadata/logical-type.ts';
import { boundFeatures } from './bound-features.ts';
import type { Templates } from './templates.ts';

const DIGITS: Readonly<Record<TimeUnit, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** A source whose features know what the destination holds of them; a constant that it cannot hold is noted. */
export function boundSource(
  source: SourcePlan,
  destination: DestinationPlan['type'],
  templates: Templates,
): SourcePlan {
  const features = boundFeatures(source.features, destination);
  features.forEach((feature, index) => {
    if (!isOutside(feature)) return;
    const message = `the value of ${feature.name} is outside what ${destination} holds of ${nameLogicalType(feature.type)}`;
    templates.refuse(
      `source.features[${index}].value`,
      message,
      'Write another value, or declare the feature as string.',
    );
  });
  return { ...source, features };
}

/** Whether a constant is surely outside; a local time of another zone than UTC is left to the source, which knows the zone. */
function isOutside({ type, range, constant, timezone }: FeaturePlan): boolean {
  if (range === undefined || constant?.kind !== 'text') return false;
  if (type.kind !== 'date' && type.kind !== 'timestamp') return false;
  const local =
    type.kind === 'timestamp' && type.zoned && timezone !== 'UTC' && !/(Z|[+-]\d\d(:?\d\d)?)$/.test(constant.text);
  const kind = type.kind === 'date' ? 'date' : type.zoned ? 'timestamptz' : 'timestamp';
  const point = local ? null : parsePoint(kind, constant.text);
  if (point === null) return false;
  const scale = type.kind === 'date' ? 0 : DIGITS[type.unit];
  const end = (units: string): Point => ({ units: BigInt(units), scale });
  return comparePoints(point, end(range.least)) < 0 || comparePoints(point, end(range.greatest)) > 0;
}
