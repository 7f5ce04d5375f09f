import type { InputProfile } from '../../flow/profile.ts';
import type { GuessedColumn } from '../../plan/propose/propose-features.ts';
import { proposeFeatureNames } from '../../plan/propose/propose-names.ts';
import type { Keys } from '../../plan/propose/propose-source.ts';
import type { RecordsColumn } from './records-file.ts';

/** Columns of text, by what was guessed of them; `features` are the same as a document would have them. */
export function recordsColumns(
  columns: readonly GuessedColumn[],
  features: readonly Keys[],
  profile: InputProfile,
): readonly RecordsColumn[] {
  const names = proposeFeatureNames(columns.map(({ name }) => name));
  const valued = new Set(profile.columns.filter(({ values }) => values > 0).map(({ name }) => name));
  return columns.map(({ name, guess, fields }, index) => {
    const { name: _name, type: _type, nullable: _nullable, from: _from, ...spelling } = features[index] ?? {};
    return {
      name: names[index] ?? name,
      from: name,
      type: guess.type,
      nullable: guess.nullable || fields === 0,
      blank: !valued.has(name),
      spelling,
    };
  });
}
