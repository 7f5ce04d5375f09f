// What host and kernel agree on about profiles: the counters of a column, its numbers by class and its dates by shape. Counters are u64
// unless said otherwise. Compiled by both compilers, so it holds nothing but integer constants.

export const P_FIELDS = 0;
export const P_EMPTY = 8;
export const P_QUOTED_EMPTY = 16;
/** Bytes of the longest value. */
export const P_LONGEST = 24;
export const P_PADDED = 32;
export const P_INVALID = 40;
export const P_UUIDS = 48;
/** Counted by the host. */
export const P_JSON = 56;
/** inf, infinity and nan in any case, nulls aside. */
export const P_NAMED = 64;
/** ISO 8601: dates; timestamps with and without offset; u32 digits of fractions as written and without zeroes behind; u32 years. */
export const P_ISO_DATES = 72;
export const P_ISO_ZONED = 80;
export const P_ISO_UNZONED = 88;
export const P_ISO_FRACTION = 96;
export const P_ISO_FINEST = 100;
export const P_ISO_LEAST_YEAR = 104;
export const P_ISO_GREATEST_YEAR = 108;
/** Of the timestamps: those of 19 characters with a T, and with a blank, which are in no shape. */
export const P_ISO_T = 112;
export const P_ISO_BLANK = 120;
/** ISO 8601 times of day; u32 digits as above. */
export const P_TIMES = 128;
export const P_TIME_FRACTION = 136;
export const P_TIME_FINEST = 140;
/** u32: shapes in the table. */
export const P_SHAPES = 144;
/** UUIDs without hyphens. */
export const P_BARE_UUIDS = 152;
export const P_SHAPE_TABLE = 192;
export const SHAPES = 12;

// Shape: u64 key, values that exist in each of three orders, u32 digits of fractions, u32 years by orders 0 and 1, and by order 2.
export const SHAPE_KEY = 0;
export const SHAPE_COUNT = 8;
export const SHAPE_FRACTION = 32;
export const SHAPE_FINEST = 36;
export const SHAPE_LEAST_YEAR = 40;
export const SHAPE_GREATEST_YEAR = 44;
export const SHAPE_LEAST_YEAR_2 = 48;
export const SHAPE_GREATEST_YEAR_2 = 52;
export const SHAPE_SIZE = 64;

// Tokens of a key, four bits each, the first in the lowest.
export const TOKEN_NUMBER = 1;
export const TOKEN_YEAR = 2;
export const TOKEN_MONTH_NAME = 3;
export const TOKEN_WEEKDAY_NAME = 4;
export const TOKEN_HALF = 5;
export const TOKEN_FRACTION = 6;
export const TOKEN_OFFSET = 7;
export const TOKEN_UTC_NAME = 8;
export const TOKEN_SLASH = 9;
export const TOKEN_DASH = 10;
export const TOKEN_POINT = 11;
export const TOKEN_COMMA = 12;
export const TOKEN_COLON = 13;
export const TOKEN_BLANK = 14;
export const TOKEN_T = 15;
/** Keys of dates without separators, which no tokens make: %Y%m%d, %Y%m%d%H%M%S, %Y%m%dT%H%M%S. */
export const KEY_DATE = 1;
export const KEY_STAMP = 2;
export const KEY_STAMP_T = 3;
/** Years that such digits must lie in to be counted as a date. */
export const COMPACT_LEAST_YEAR = 1900;
export const COMPACT_GREATEST_YEAR = 2199;

// Numbers by class: thousands separator (0: none, else 1 + its index) × 3 + decimal separator (0: none, 1: point, 2: comma); then those
// with one point or comma that may be either.
export const P_NUMBERS = 960;
export const CLASS_POINT_EITHER = 30;
export const CLASS_COMMA_EITHER = 31;
export const CLASSES = 32;
export const N_COUNT = 0;
export const N_EXPONENTS = 8;
export const N_LEADING_ZEROS = 16;
export const N_PLUS = 24;
export const N_SIGNED = 32;
export const N_BEYOND = 40;
/** u32, i32 the last. */
export const N_BEFORE = 48;
export const N_AFTER = 52;
export const N_SCALE = 56;
export const N_MAGNITUDE = 60;
/** i64 bounds of the integers of up to 18 digits. */
export const N_LEAST = 64;
export const N_GREATEST = 72;
/** Magnitudes (low, high) of those of 19 to 38 digits: least and greatest positive, least and greatest negative; 0 = none. */
export const N_LONG = 80;
export const N_SIZE = 144;

/** Counts of words, then of the plan's nulls: unquoted and quoted. */
export const P_WORDS = 5568;

// Words: a table of `WORD_SLOTS` slots by hash, each 16 bytes of text (zeroes behind), u32 1 + index, u32 kind.
export const WORD_SLOTS = 1024;
export const WORD_SLOT_SIZE = 32;
export const WORD_INDEX = 16;
export const WORD_KIND = 20;
export const WORD_BYTES = 16;
export const WORD_NULL = 1;
export const WORD_BOOLEAN = 2;
export const WORD_SIGN = 4;
