import type { ColumnProfile, InputProfile } from '../../flow/profile.ts';
import type { Evidence } from '../../flow/sniff.ts';
import type { DecimalSeparator } from '../../metadata/number-separators.ts';
import type { FeatureGuess } from '../infer/feature-guess.ts';
import { inferFeature } from '../infer/infer-feature.ts';
import type { GuessedColumn } from './propose-features.ts';

export interface GuessedColumns {
  readonly columns: readonly GuessedColumn[];
  /** One for each column. */
  readonly evidence: readonly Evidence[];
  /** How the inputs differ from each other, a sentence each. */
  readonly drift: readonly string[];
}

/**
 * What the columns of inputs that are one dataset are: the union, by name, in the order they come up. `transcoded`: the files are not
 * in UTF-8.
 */
export function guessColumns(profiles: readonly InputProfile[], transcoded = false): GuessedColumns {
  const found = new Map<string, ColumnProfile[]>();
  for (const { columns } of profiles) {
    for (const column of columns) found.set(column.name, [...(found.get(column.name) ?? []), column]);
  }
  const all = [...found].map(([name, parts]) => ({ name, parts }));
  const first = all.map(({ parts }) => inferFeature(parts));
  // A spelling of null holds for all columns of a source: what it takes from one, it takes from the others.
  const nullValues = [...new Set(first.flatMap(({ nullSpellings }) => nullSpellings))];
  const quotedNulls = first.some((guess) => guess.quotedNulls);
  const decimal = decimalOf(first);
  const shared = {
    nullValues,
    transcoded,
    ...(quotedNulls ? { quotedNulls } : {}),
    ...(decimal === null ? {} : { decimal }),
  };
  const columns = all.map(({ name, parts }, index): GuessedColumn => {
    const guess = inferFeature(parts, shared);
    const own = first[index];
    const fields = parts.reduce((sum, each) => sum + each.fields, 0);
    const kept = { ...guess, nullSpellings: own?.nullSpellings ?? [], quotedNulls: own?.quotedNulls ?? false };
    return { name, guess: kept, fields, missing: parts.length < profiles.length };
  });
  const evidence = columns.map((column, index) => evidenceOf(column, all[index]?.parts ?? [], nullValues));
  return { columns, evidence, drift: profiles.length > 1 ? describeDrift(profiles, all) : [] };
}

/** What stands before fractions wherever a column proves it; null where none does, or not the same in all. */
function decimalOf(guesses: readonly FeatureGuess[]): DecimalSeparator | null {
  const proven = guesses.flatMap(({ type, style }) => {
    const hasFraction = type === 'double' || (type.startsWith('decimal') && !type.endsWith(',0)'));
    return hasFraction ? [style?.decimal ?? '.'] : [];
  });
  const [first, ...others] = new Set(proven);
  return others.length === 0 ? (first ?? null) : null;
}

function evidenceOf(
  { name, guess, missing }: GuessedColumn,
  parts: readonly ColumnProfile[],
  nullValues: readonly string[],
): Evidence {
  const because = [...guess.evidence];
  let { confidence } = guess;
  if (guess.type === 'string') {
    const spelled = parts
      .flatMap(({ nulls }) => nulls)
      .filter(({ text }) => nullValues.includes(text) && !guess.nullSpellings.includes(text));
    const lost = spelled.reduce((sum, { fields }) => sum + fields, 0);
    if (lost > 0) {
      const texts = [...new Set(spelled.map(({ text }) => JSON.stringify(text)))].join(', ');
      because.push(`${lost} fields that read ${texts} become null, because other columns need null_values to hold it`);
      confidence = Math.min(confidence, 0.5);
    }
  }
  if (missing) because.push('some of the files do not have it');
  for (const { type, why } of guess.alternatives) because.push(`could be ${type}${why === '' ? '' : `: ${why}`}`);
  const decided = guess.nullable || missing ? guess.type : `${guess.type}, never null`;
  return { about: name, decided, confidence, because: because.join('; ') };
}

function describeDrift(
  profiles: readonly InputProfile[],
  all: readonly { readonly name: string; readonly parts: readonly ColumnProfile[] }[],
): readonly string[] {
  const sentences: string[] = [];
  for (const { name, parts } of all) {
    const having = profiles.filter(({ columns }) => columns.some((column) => column.name === name));
    const label = JSON.stringify(name);
    if (having.length < profiles.length) {
      const without = profiles.filter((profile) => !having.includes(profile)).map(({ file }) => file);
      sentences.push(`${label} is not in ${listOf(without)}`);
    }
    const types = parts.map((part) => inferFeature(part).type);
    if (new Set(types).size > 1) {
      const each = [...new Set(types)].map(
        (type) => `${type} in ${listOf(having.filter((_, at) => types[at] === type).map(({ file }) => file))}`,
      );
      sentences.push(`${label} is ${each.join(', ')}`);
    }
  }
  return sentences;
}

function listOf(files: readonly string[]): string {
  const [first = '', ...others] = files;
  return others.length === 0
    ? first
    : others.length === 1
      ? `${first} and ${others[0]}`
      : `${first} and ${others.length} other files`;
}
