import type { CsvSourcePlan, FeaturePlan, NumberStyle } from '../../flow/dataset-plan.ts';
import type { EvolvedFeature } from '../../flow/drift.ts';
import type { ColumnProfile } from '../../flow/profile.ts';
import { type LogicalType, parseLogicalType } from '../../metadata/logical-type.ts';
import type { DecimalSeparator } from '../../metadata/number-separators.ts';
import { inferFeature } from '../infer/infer-feature.ts';
import { mergeProfiles } from '../infer/merge-profiles.ts';
import { countNulls } from '../infer/null-spellings.ts';
import { widenToProfile } from '../infer/widen-to-profile.ts';

/** What `evolve` makes of a column that no feature takes. */
export interface EvolvedType extends Pick<EvolvedFeature, 'format' | 'style'> {
  readonly type: LogicalType;
}

/** Digits of a decimal that Parquet keeps in 64 bits. */
const INT64_DIGITS = 18;
const TEXT: EvolvedType = { type: { kind: 'string' }, format: null, style: null };

/**
 * The type of a column by all its values in all inputs; null where it has none. Formats and spellings of numbers count only where a
 * declared feature has the same, and nothing else is null, true or false than the source declares: what fits no type so is text. Pure.
 */
export function evolvedType(source: CsvSourcePlan, columns: readonly ColumnProfile[]): EvolvedType | null {
  const { nullValues, quotedNulls, trueValues, falseValues, features } = source;
  const hasValues = columns.some((column) => column.fields > countNulls(column, { nullValues, quotedNulls }));
  if (!hasValues) return null;
  const guess = inferFeature(columns, { nullValues, quotedNulls, decimal: separatorOf(features) });
  const { format, style, nullSpellings, booleans } = guess;
  if (nullSpellings.length > 0 || (guess.quotedNulls && !quotedNulls)) return TEXT;
  if (booleans?.true.some((text) => !trueValues.includes(text))) return TEXT;
  if (booleans?.false.some((text) => !falseValues.includes(text))) return TEXT;
  if (format !== null && !features.some((feature) => feature.format === format)) return TEXT;
  if (style !== null && !features.some((feature) => isPlain(style) && isSame(feature.style, style))) return TEXT;
  const type = parseLogicalType(guess.type);
  return 'problem' in type ? TEXT : { type: leaveRoom(type, style, columns, source), format, style };
}

/** Decimals of 38 digits could never have one more behind the point: above 18 digits, those that are needed and no more. */
function leaveRoom(
  type: LogicalType,
  style: NumberStyle | null,
  columns: readonly ColumnProfile[],
  source: CsvSourcePlan,
): LogicalType {
  if (type.kind !== 'decimal' || type.precision <= INT64_DIGITS) return type;
  const digit: LogicalType = { kind: 'decimal', precision: 1, scale: 0 };
  const needed = widenToProfile({ type: digit, format: null, style, onLoss: 'reject' }, mergeProfiles(columns), source);
  if (needed === null || needed === 'same' || needed.kind !== 'decimal') return type;
  return { ...needed, precision: Math.max(INT64_DIGITS, needed.precision) };
}

/** What stands before fractions wherever it is said. */
function separatorOf(features: readonly FeaturePlan[]): DecimalSeparator {
  return features.find(({ style }) => style !== null)?.style?.decimal ?? '.';
}

/** Percent signs and currencies are dropped only where a document says so. */
function isPlain({ percent, currency }: NumberStyle): boolean {
  return percent === null && currency === null;
}

function isSame(a: NumberStyle | null, b: NumberStyle): boolean {
  return a?.decimal === b.decimal && a.thousands === b.thousands;
}
