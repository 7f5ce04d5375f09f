import type { ErrorCode } from '../errors.ts';
import type { DecimalSeparator, ThousandsSeparator } from '../metadata/number-separators.ts';

/** How often a text stands as a whole field, or as a sign beside a number. */
export interface SpellingCount {
  readonly text: string;
  readonly fields: number;
}

/**
 * The numbers of a column in one spelling of numbers: how many of its values can be read so, and what they need. A percent sign or a
 * currency beside a number is no part of it (see `signs`).
 */
export interface NumberReading {
  readonly decimal: DecimalSeparator;
  /** null = digits stand together. */
  readonly thousands: ThousandsSeparator | null;
  readonly values: number;
  /** Of these: without fraction and exponent; with an exponent; `inf`, `infinity` or `nan` in any case; with a digit 0 in front of others (`007`); with a `+`. */
  readonly integers: number;
  readonly exponents: number;
  readonly named: number;
  readonly leadingZeros: number;
  readonly plusSigns: number;
  /** Of these: with the decimal separator; with the thousands separator. */
  readonly fractions: number;
  readonly grouped: number;
  /** Of these: those with a single separator that could be the decimal or the thousands separator (`1,234`). */
  readonly ambiguous: number;
  /** Of these: beside a percent sign or a currency. */
  readonly signed: number;
  /** Most digits before the separator, without zeroes in front; after it as written; after it without zeroes behind (both of these written out in full, where there are exponents). */
  readonly digitsBefore: number;
  readonly digitsAfter: number;
  readonly scale: number;
  /** All values are below 10 to this power in magnitude. */
  readonly magnitude: number;
  /** Values beyond the range of a double. */
  readonly beyondDouble: number;
  /** Bounds of the integers of up to 38 digits, in decimal digits; null where there are none. */
  readonly least: string | null;
  readonly greatest: string | null;
}

/** The dates or times of a column in one format: how many of its values are written so, and exist. */
export interface TimeReading {
  readonly kind: 'date' | 'time' | 'timestamp';
  /** strptime pattern, or null for ISO 8601. A timestamp in ISO 8601 may lack its time of day. */
  readonly format: string | null;
  readonly values: number;
  /** Of these: with an offset or `Z`; without, but with a time of day. */
  readonly zoned: number;
  readonly unzoned: number;
  /** Most digits of a fraction of a second, as written and without zeroes behind. */
  readonly fraction: number;
  readonly finest: number;
  /** Bounds of the years as written (of two digits: 1969 to 2068); null for times. */
  readonly years: { readonly least: number; readonly greatest: number } | null;
}

/** What values are, where the input says so itself (JSON), nulls aside. */
export interface ValueKinds {
  readonly texts: number;
  readonly numbers: number;
  readonly booleans: number;
  /** Objects and arrays. */
  readonly nested: number;
}

/** What one column of an input holds, every field of it looked at. */
export interface ColumnProfile {
  /** In the header, or in the declared columns; empty where there is neither. Of JSON lines a key, as it is. */
  readonly name: string;
  /** 0-based. */
  readonly position: number;
  /** All fields; of these, empty ones outside and inside quotes. `values` is the rest, without `nulls` and `quotedNulls`. */
  readonly fields: number;
  readonly empty: number;
  readonly quotedEmpty: number;
  readonly values: number;
  /** Fields that are a usual spelling of null (`NA`, `NULL`, `\\N`, `-`) or one that the plan declares, by spelling: unquoted, quoted. */
  readonly nulls: readonly SpellingCount[];
  readonly quotedNulls: readonly SpellingCount[];
  /** Bytes of the longest value as it reads. */
  readonly longest: number;
  /** Values that begin or end with a blank or a tab. */
  readonly padded: number;
  /** Values that are not UTF-8. */
  readonly invalid: number;
  /** Values that read as `true`/`false`, `yes`/`no`, `t`/`f`, `y`/`n`, `1`/`0`, or as the plan declares, by spelling; the spellings found. */
  readonly booleans: readonly SpellingCount[];
  /** Values that are a UUID; of these, without hyphens. */
  readonly uuids: number;
  readonly bareUuids: number;
  /** Values that are a JSON object or array. */
  readonly json: number;
  /** Spellings of numbers that some value speaks for; `.` without thousands separator where there is any number. */
  readonly numbers: readonly NumberReading[];
  readonly times: readonly TimeReading[];
  /** Signs that stand before or after otherwise plain numbers (`%`, `€`), and how many values have one. */
  readonly signs: readonly SpellingCount[];
  /** Left out where every field is text, and its type a matter of spelling. */
  readonly kinds?: ValueKinds;
}

/** One input, read to its end. */
export interface InputProfile {
  /** What rejects and `@file` call it. */
  readonly file: string;
  readonly rows: number;
  /** Records that are damaged whatever their columns hold. */
  readonly damaged: number;
  /** The same by code, most frequent first. */
  readonly damage: readonly { readonly code: ErrorCode; readonly records: number }[];
  readonly columns: readonly ColumnProfile[];
}
