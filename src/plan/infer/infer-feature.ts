import type { ColumnProfile, SpellingCount } from '../../flow/profile.ts';
import type { FeatureGuess, GuessAlternative, GuessOptions } from './feature-guess.ts';
import { allOf, alternativeOf, countOf, type Verdict, verdictOf } from './guess-verdict.ts';
import { inferBoolean } from './infer-boolean.ts';
import { inferKind } from './infer-kind.ts';
import { inferNumber } from './infer-number.ts';
import { inferTime } from './infer-time.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { countNulls, NAN_SPELLINGS } from './null-spellings.ts';

/** The spelling that means null in text too: nobody writes it otherwise. */
const DATABASE_NULL = '\\N';
/** Share of values from which on a type that does not fit all of them is worth a word. */
const NEARLY = 0.5;

/**
 * The most telling type that takes every value of a column, whatever file it stands in; text where there is none, or where the values
 * leave it open. Several columns are one column of several files. What a field is never depends on how often it stands there.
 */
export function inferFeature(
  columns: ColumnProfile | readonly ColumnProfile[],
  options: GuessOptions = {},
): FeatureGuess {
  const column = mergeProfiles('fields' in columns ? [columns] : columns);
  const verdict = judge(column, options) ?? judgeText(column, options);
  const isText = verdict.type === 'string' || verdict.type === 'binary';
  const nulls = isText ? nullsOfText(column, options) : nullsOfValues(column, verdict, options);
  const nullable =
    countNulls(column, {
      nullValues: ['', ...nulls.spellings, ...(options.nullValues ?? [])],
      quotedNulls: nulls.quoted,
    }) > 0;
  return {
    type: verdict.type,
    nullable,
    format: verdict.format,
    style: verdict.style,
    nullSpellings: nulls.spellings.filter((text) => !(options.nullValues ?? []).includes(text)),
    quotedNulls: nulls.quoted && options.quotedNulls !== true,
    booleans: verdict.booleans,
    confidence: weigh(verdict.confidence, column.values),
    evidence: [...verdict.evidence, ...nullEvidence(column, isText, nulls)],
    alternatives: verdict.alternatives,
  };
}

/** A single value says half of what many say. */
function weigh(confidence: number, values: number): number {
  return values === 0 ? 0.1 : Math.round(confidence * (1 - 0.5 / values) * 100) / 100;
}

function judge(column: ColumnProfile, options: GuessOptions): Verdict | null {
  const { values, quotedEmpty, quotedNulls, invalid } = column;
  if (values === 0 || invalid > 0) return null;
  if (options.quotedNulls === false && quotedEmpty + quotedNulls.length > 0) return null;
  return (
    inferKind(column) ??
    inferBoolean(column) ??
    inferDigits(column, options) ??
    inferTime(column) ??
    inferUuid(column) ??
    inferJson(column)
  );
}

/** Dates without separators are numbers too, and are told first. */
function inferDigits(column: ColumnProfile, options: GuessOptions): Verdict | null {
  const compact = column.times.some(({ format, values }) => format?.startsWith('%Y%m%d') && values === column.values);
  return (compact ? inferTime(column) : null) ?? inferNumber(column, options);
}

function inferUuid({ values, uuids, bareUuids }: ColumnProfile): Verdict | null {
  if (uuids !== values) return null;
  if (bareUuids === 0) return verdictOf('uuid', 0.98, [`${allOf(values)} UUIDs`]);
  const evidence = [
    `${allOf(values)} 32 hexadecimal digits, ${countOf(bareUuids, 'value')} without hyphens: UUIDs or checksums`,
  ];
  return verdictOf('string', 0.8, evidence, { alternatives: [alternativeOf('uuid', 'if they are UUIDs')] });
}

function inferJson({ values, json }: ColumnProfile): Verdict | null {
  if (json !== values) return null;
  return verdictOf('json', 0.95, [`${allOf(values)} JSON objects or arrays`]);
}

function judgeText(column: ColumnProfile, { transcoded = false }: GuessOptions): Verdict {
  const { values, invalid, padded, longest } = column;
  if (values === 0) return verdictOf('string', 0.1, ['no field has a value']);
  const evidence = [`text of up to ${countOf(longest, 'byte')} in ${countOf(values, 'value')}`];
  if (invalid > 0) {
    evidence.push(`${countOf(invalid, 'value')} not valid in the encoding: they would be rejects`);
    const alternatives = transcoded ? [] : [alternativeOf('binary', 'keeps every byte')];
    return verdictOf('string', 0.3, evidence, { alternatives });
  }
  if (padded > 0) evidence.push(`${countOf(padded, 'value')} with blanks or tabs around, which \`trim\` would drop`);
  const near = nearestOf(column);
  return verdictOf('string', 0.95, [...evidence, ...near.evidence], { alternatives: near.alternatives });
}

/** What most values are, if it is anything but text. */
function nearestOf(column: ColumnProfile): Pick<Verdict, 'evidence' | 'alternatives'> {
  const { values, numbers, times, uuids, json } = column;
  const candidates: { readonly count: number; readonly what: string; readonly alternative: GuessAlternative }[] = [
    ...numbers.map((reading) => ({
      count: reading.values,
      what: 'numbers',
      alternative: alternativeOf(reading.fractions + reading.exponents > 0 ? 'double' : 'bigint', ''),
    })),
    ...times.map(({ kind, format, values: count, zoned }) => ({
      count,
      what: `${kind}s${format === null ? '' : ` written ${format}`}`,
      alternative: alternativeOf(kind === 'date' ? 'date' : `${kind}${zoned > 0 ? 'tz' : ''}(us)`, '', { format }),
    })),
    { count: uuids, what: 'UUIDs', alternative: alternativeOf('uuid', '') },
    { count: json, what: 'JSON objects or arrays', alternative: alternativeOf('json', '') },
  ];
  const [best] = candidates.sort((a, b) => b.count - a.count);
  if (best === undefined || best.count < values * NEARLY) return { evidence: [], alternatives: [] };
  const others = countOf(values - best.count, 'value');
  return {
    evidence: [`${countOf(best.count, 'value')} would be ${best.what}, ${others} would not`],
    alternatives: [{ ...best.alternative, why: `with ${others} rejected` }],
  };
}

interface Nulls {
  readonly spellings: readonly string[];
  readonly quoted: boolean;
}

/** Whatever is no value must be null. */
function nullsOfValues(column: ColumnProfile, { nanIsValue }: Verdict, options: GuessOptions): Nulls {
  const isNull = ({ text }: SpellingCount): boolean => !(nanIsValue && NAN_SPELLINGS.has(text));
  const quoted = column.quotedNulls.filter(isNull);
  return {
    spellings: textsOf([...column.nulls.filter(isNull), ...quoted]),
    quoted: options.quotedNulls === true || quoted.length > 0 || column.quotedEmpty > 0,
  };
}

/** Text may say NA or a dash; only what databases write for null is null. */
function nullsOfText(column: ColumnProfile, options: GuessOptions): Nulls {
  return {
    spellings: textsOf(column.nulls.filter(({ text }) => text === DATABASE_NULL)),
    quoted: options.quotedNulls === true,
  };
}

function textsOf(counts: readonly SpellingCount[]): readonly string[] {
  return [...new Set(counts.map(({ text }) => text))].filter((text) => text !== '');
}

function nullEvidence(column: ColumnProfile, isText: boolean, { spellings, quoted }: Nulls): readonly string[] {
  const { empty, quotedEmpty, nulls, quotedNulls } = column;
  const of = (counts: readonly SpellingCount[], kept: boolean): readonly string[] =>
    counts
      .filter(({ text }) => spellings.includes(text) !== kept)
      .map(
        ({ text, fields }) =>
          `${countOf(fields, 'field')} ${JSON.stringify(text)}${kept ? ': kept as text' : ': null'}`,
      );
  return [
    ...(empty > 0 ? [`${countOf(empty, 'field')} empty: null`] : []),
    ...(quotedEmpty > 0 ? [`${countOf(quotedEmpty, 'field')} empty in quotes: ${quoted ? 'null' : 'empty text'}`] : []),
    ...of([...nulls, ...(quoted ? quotedNulls : [])], false),
    ...(isText ? of([...nulls, ...quotedNulls], true) : []),
  ];
}
