import type { FeatureGuess, GuessAlternative } from '../infer/feature-guess.ts';
import { proposeFeatureNames } from './propose-names.ts';
import { type Keys, literal } from './propose-source.ts';
import { renderInline } from './render-inline.ts';

/** A column and what it most narrowly is. */
export interface GuessedColumn {
  /** As the source names it. */
  readonly name: string;
  readonly guess: FeatureGuess;
  /** Fields that were looked at. */
  readonly fields: number;
  /** Some files of the dataset do not have it. */
  readonly missing: boolean;
}

export interface ProposedFeatures {
  readonly features: readonly Keys[];
  /** What else would do, to stand above each feature; empty where nothing is open. */
  readonly comments: readonly (readonly string[])[];
  /** Keys of the source that all features share. */
  readonly shared: Keys;
}

const TRUE = ['true', 'True', 'TRUE', 't', 'T', '1'];
const FALSE = ['false', 'False', 'FALSE', 'f', 'F', '0'];

/** Features for columns, in order, and what the source must say so that they can be read. */
export function proposeFeatures(columns: readonly GuessedColumn[]): ProposedFeatures {
  const names = proposeFeatureNames(columns.map(({ name }) => name));
  const features = columns.map(({ name, guess, fields, missing }, index) => ({
    name: literal(names[index] ?? name),
    type: guess.type,
    ...(guess.nullable || missing || fields === 0 ? {} : { nullable: false }),
    ...(names[index] === name ? {} : { from: literal(name) }),
    ...keysOf(guess),
  }));
  const nulls = [...new Set(columns.flatMap(({ guess }) => guess.nullSpellings))];
  const [yes, no] = [spellings(columns, 'true'), spellings(columns, 'false')];
  const shared = {
    ...(nulls.length === 0 ? {} : { null_values: ['', ...nulls].map(literal) }),
    ...(columns.some(({ guess }) => guess.quotedNulls) ? { quoted_nulls: true } : {}),
    ...(yes.every((text) => TRUE.includes(text)) ? {} : { true_values: yes.map(literal) }),
    ...(no.every((text) => FALSE.includes(text)) ? {} : { false_values: no.map(literal) }),
  };
  return {
    features,
    comments: columns.map(({ guess }) => (isOpen(guess) ? guess.alternatives.map(sayAlternative) : [])),
    shared,
  };
}

/** Whether people should look at what else would do: text that could be more, and types that are not sure. */
function isOpen({ type, confidence }: FeatureGuess): boolean {
  return type === 'string' || confidence < 0.6;
}

/** How a column is spelled, where that is out of the ordinary. */
function keysOf({ format, style }: Pick<FeatureGuess, 'format' | 'style'>): Keys {
  return {
    ...(format === null ? {} : { format: literal(format) }),
    ...(style === null || style.decimal === '.' ? {} : { decimal_separator: style.decimal }),
    ...(style === null || style.thousands === null ? {} : { thousands_separator: style.thousands }),
    ...(style === null || style.percent === null ? {} : { percent: style.percent }),
    ...(style === null || style.currency === null ? {} : { currency: literal(style.currency) }),
  };
}

/** Spellings of one truth value in all boolean columns, the usual ones of the same column first. */
function spellings(columns: readonly GuessedColumn[], which: 'true' | 'false'): readonly string[] {
  const other = which === 'true' ? 'false' : 'true';
  const found = new Set(columns.flatMap(({ guess }) => guess.booleans?.[which] ?? []));
  const taken = new Set(columns.flatMap(({ guess }) => guess.booleans?.[other] ?? []));
  return [...found].filter((text) => !taken.has(text));
}

/** A feature that would do as well, as it would be written, and when. */
export function sayAlternative({ type, format, style, why }: GuessAlternative): string {
  const keys = renderInline({ type, ...keysOf({ format, style }) }).slice(2, -2);
  return why === '' ? `or ${keys}` : `or ${keys}: ${why}`;
}
