import type { FeaturePlan, NumberStyle } from '../flow/dataset-plan.ts';
import { partsOfPattern } from '../metadata/check-pattern.ts';
import type { CsvSource } from '../metadata/csv-source-schema.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import type { LogicalType } from '../metadata/logical-type.ts';
import { planConstant } from './plan-constant.ts';
import { planFeature, typeOfFeature } from './plan-feature.ts';
import type { Templates } from './templates.ts';

/** What features inherit. */
type TextSource = Pick<
  CsvSource,
  | 'true_values'
  | 'false_values'
  | 'date_format'
  | 'timestamp_format'
  | 'decimal_separator'
  | 'thousands_separator'
  | 'timezone'
>;

/** Resolves a feature of a source that holds texts: with its format and the spelling of its numbers. `index`: its number. */
export function planTextFeature(
  feature: Feature,
  index: number,
  source: TextSource,
  templates: Templates,
): FeaturePlan {
  const type = typeOfFeature(feature);
  const words = { trueValues: source.true_values, falseValues: source.false_values };
  const constant = planConstant(feature, type, index, words, templates);
  const format = constant === null ? (feature.format ?? inheritedFormat(type, source)) : null;
  if (format !== null && feature.on_loss === 'reject') refuseLoss(feature, format, type, index, templates);
  const style = constant === null ? planStyle(feature, type, source) : null;
  return planFeature(feature, type, source, { constant, format, style });
}

/** How the numbers of a column are spelled; null where that is nothing out of the ordinary. */
function planStyle(feature: Feature, type: LogicalType, source: TextSource): NumberStyle | null {
  if (type.kind !== 'int' && type.kind !== 'float' && type.kind !== 'decimal') return null;
  const style: NumberStyle = {
    decimal: feature.decimal_separator ?? source.decimal_separator,
    thousands:
      feature.thousands_separator === undefined ? (source.thousands_separator ?? null) : feature.thousands_separator,
    percent: feature.percent ?? null,
    currency: feature.currency ?? null,
  };
  const plain = style.decimal === '.' && style.thousands === null && style.percent === null && style.currency === null;
  return plain ? null : style;
}

/** A format that reads fractions of a second says that the source is finer than a type of whole seconds. */
function refuseLoss(feature: Feature, format: string, type: LogicalType, index: number, templates: Templates): void {
  if ((type.kind !== 'timestamp' && type.kind !== 'time') || type.unit !== 's') return;
  if (!partsOfPattern(format, type).has('fraction')) return;
  const finer = `${type.kind === 'time' ? 'time' : type.zoned ? 'timestamptz' : 'timestamp'}(us)`;
  const message = `${feature.name} is read with %f (fractions of a second), its type ${feature.type} holds whole seconds`;
  const hint = `Declare ${finer}, or set on_loss.`;
  templates.refuse(`source.features[${index}].type`, message, hint, 'ATLAS_PLAN_LOSSY');
}

function inheritedFormat(type: LogicalType, source: TextSource): string | null {
  if (type.kind === 'date') return source.date_format ?? null;
  if (type.kind === 'timestamp') return source.timestamp_format ?? null;
  return null;
}
