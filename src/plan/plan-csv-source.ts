import type { CsvSourcePlan } from '../flow/dataset-plan.ts';
import type { CsvSource } from '../metadata/csv-source-schema.ts';
import { isWideDelimiter, WIDE_STAND_IN } from '../metadata/wide-delimiter.ts';
import { planTextFeature } from './plan-text-feature.ts';
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
    features: source.features.map((feature, index) => planTextFeature(feature, index, source, templates)),
    maxRowBytes: source.max_row_bytes,
    maxColumns: source.max_columns,
    sliceBytes: source.slice_bytes,
    maxInflatedBytes: source.max_inflated_bytes,
    maxInflationRatio: source.max_inflation_ratio,
  };
}
