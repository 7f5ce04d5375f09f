import type { DecimalSeparator, ThousandsSeparator } from '../metadata/number-separators.ts';

/** How often a text stands as a whole field. */
export interface SpellingCount {
  readonly text: string;
  readonly fields: number;
}

/** The numbers of a column in one spelling of numbers: how many of its values can be read so, and what they need. */
export interface NumberReading {
  readonly decimal: DecimalSeparator;
  readonly thousands: ThousandsSeparator | null;
  readonly values: number;
  /** Of these: without fraction and exponent; with an exponent; with a digit 0 in front of others (`007`). */
  readonly integers: number;
  readonly exponents: number;
  readonly leadingZeros: number;
  /** Most digits before and after the separator. */
  readonly digitsBefore: number;
  readonly digitsAfter: number;
  /** Bounds of the integers, in decimal digits; null where there are none. */
  readonly least: string | null;
  readonly greatest: string | null;
}

/** The dates or times of a column in one format: how many of its values are written so. */
export interface TimeReading {
  readonly kind: 'date' | 'time' | 'timestamp';
  /** strptime pattern, or null for ISO 8601. */
  readonly format: string | null;
  readonly values: number;
  /** Of these: with an offset or `Z`. */
  readonly zoned: number;
  /** Most digits of a fraction of a second. */
  readonly fraction: number;
}

/** What one column of an input holds, every field of it looked at. */
export interface ColumnProfile {
  /** In the header, or in the declared columns; empty where there is neither. */
  readonly name: string;
  /** 0-based. */
  readonly position: number;
  /** All fields; of these, empty ones outside and inside quotes. `values` is the rest, without `nulls`. */
  readonly fields: number;
  readonly empty: number;
  readonly quotedEmpty: number;
  readonly values: number;
  /** Unquoted fields that are a usual spelling of null (`NA`, `NULL`, `\\N`, `-`), by spelling. */
  readonly nulls: readonly SpellingCount[];
  /** Bytes of the longest value as it reads. */
  readonly longest: number;
  /** Values that read as `true`/`false`, `yes`/`no`, `t`/`f`, `y`/`n`, `1`/`0`, by spelling; the spellings found. */
  readonly booleans: readonly SpellingCount[];
  readonly uuids: number;
  /** Values that are a JSON object or array. */
  readonly json: number;
  readonly numbers: readonly NumberReading[];
  readonly times: readonly TimeReading[];
  /** Signs that stand before or after otherwise plain numbers (`%`, `€`), and how many values have one. */
  readonly signs: readonly SpellingCount[];
}

/** One input, read to its end. */
export interface InputProfile {
  /** What rejects and `@file` call it. */
  readonly file: string;
  readonly rows: number;
  /** Records that are damaged whatever their columns hold. */
  readonly damaged: number;
  readonly columns: readonly ColumnProfile[];
}
