import type { CsvSourcePlan, FeaturePlan, NumberStyle } from '../flow/dataset-plan.ts';
import { partsOfPattern } from '../metadata/check-pattern.ts';
import type { CsvSource } from '../metadata/csv-source-schema.ts';
import type { Feature } from '../metadata/feature-schema.ts';
import type { LogicalType } from '../metadata/logical-type.ts';
import { isWideDelimiter, WIDE_STAND_IN } from '../metadata/wide-delimiter.ts';
import { planConstant } from './plan-constant.ts';
import { planFeature, typeOfFeature } from './plan-feature.ts';
import { type Places, resolvePlace } from './resolve-place.ts';
import type { Templates } from './templates.ts';

const byte = (character: string): number => character.charCodeAt(0);

function rowDelimiterOf(text: string): CsvSourcePlan['rowDelimiter'] {
  if (text === 'auto') return 'auto';
  if (text === '\r') return 'cr';
  return text.endsWith('\n') ? 'lf' : byte(text);
}

/** Resolves a CSV source: absolute paths, byte values, every feature with what it inherits from the source. */
export function planCsvSource(source: CsvSource, places: Places, templates: Templates): CsvSourcePlan {
  const path = templates.fill(source.path, 'source.path');
  const quote = source.quote === null ? null : byte(source.quote);
  const wide = isWideDelimiter(source.delimiter);
  return {
    type: 'csv',
    path: path === '-' ? path : resolvePlace(path, 'source.path', places, templates),
    root: places.root,
    compression: source.compression,
    encoding: source.encoding,
    delimiter: byte(wide ? WIDE_STAND_IN : source.delimiter),
    wideDelimiter: wide ? source.delimiter : null,
    rowDelimiter: rowDelimiterOf(source.row_delimiter),
    quote,
    escape: quote === null || source.escape === undefined ? (quote ?? byte('"')) : byte(source.escape),
    bareEscapes: quote === null && source.escape !== undefined,
    comment: source.comment === undefined ? null : byte(source.comment),
    trim: source.trim,
    trailingDelimiter: source.trailing_delimiter,
    repeatedHeader: source.repeated_header,
    header: source.header,
    columns: source.columns ?? null,
    missingColumns: 'refuse',
    skipRows: source.skip_rows,
    nullValues: source.null_values,
    quotedNulls: source.quoted_nulls,
    trueValues: source.true_values,
    falseValues: source.false_values,
    features: source.features.map((feature, index) => planCsvFeature(feature, index, source, templates)),
    maxRowBytes: source.max_row_bytes,
    maxColumns: source.max_columns,
    sliceBytes: source.slice_bytes,
    maxInflatedBytes: source.max_inflated_bytes,
    maxInflationRatio: source.max_inflation_ratio,
  };
}

function planCsvFeature(feature: Feature, index: number, source: CsvSource, templates: Templates): FeaturePlan {
  const type = typeOfFeature(feature);
  const words = { trueValues: source.true_values, falseValues: source.false_values };
  const constant = planConstant(feature, type, index, words, templates);
  const format = constant === null ? (feature.format ?? inheritedFormat(type, source)) : null;
  if (format !== null && feature.on_loss === 'reject') refuseLoss(feature, format, type, index, templates);
  const style = constant === null ? planStyle(feature, type, source) : null;
  return planFeature(feature, type, source, { constant, format, style });
}

/** How the numbers of a column are spelled; null where that is nothing out of the ordinary. */
function planStyle(feature: Feature, type: LogicalType, source: CsvSource): NumberStyle | null {
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

function inheritedFormat(type: LogicalType, source: CsvSource): string | null {
  if (type.kind === 'date') return source.date_format ?? null;
  if (type.kind === 'timestamp') return source.timestamp_format ?? null;
  return null;
}
