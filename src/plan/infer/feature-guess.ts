import type { NumberStyle } from '../../flow/dataset-plan.ts';
import type { DecimalSeparator } from '../../metadata/number-separators.ts';

/** Another feature that would do, and why it was not taken. */
export interface GuessAlternative {
  /** As people write it. */
  readonly type: string;
  readonly format: string | null;
  readonly style: NumberStyle | null;
  readonly why: string;
}

/** What a column most narrowly is, by every field of it. */
export interface FeatureGuess {
  /** As people write it, units always said: `timestamp(us)`, `decimal(9,2)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** strptime pattern of a date, time or timestamp that is not ISO 8601. */
  readonly format: string | null;
  /** How the numbers are spelled where that is not digits with a point. */
  readonly style: NumberStyle | null;
  /** Spellings that must be in `null_values` for the type to fit; never the empty one. */
  readonly nullSpellings: readonly string[];
  /** Quoted fields must be able to be null (`quoted_nulls`) for the type to fit. */
  readonly quotedNulls: boolean;
  /** Spellings that `true_values` and `false_values` must hold for the type to fit; null where it is no boolean. */
  readonly booleans: { readonly true: readonly string[]; readonly false: readonly string[] } | null;
  /** 0 to 1. */
  readonly confidence: number;
  /** Sentences with counts; no values but spellings of null and boolean, signs and formats. */
  readonly evidence: readonly string[];
  readonly alternatives: readonly GuessAlternative[];
}

export interface GuessOptions {
  /** Spellings that are null in the source anyway, because of its other columns; what they cover is null here too. */
  readonly nullValues?: readonly string[];
  /** true: `quoted_nulls` is set anyway. false: it must not be, so that a quoted null makes a column text. Without it: as needed. */
  readonly quotedNulls?: boolean;
  /** What stands before a fraction, where other columns of the source prove it: decides what `1.234` and `1,234` are. */
  readonly decimal?: DecimalSeparator;
  /** The bytes of a field are not those of the file: it is transcoded, and cannot be `binary`. */
  readonly transcoded?: boolean;
}
