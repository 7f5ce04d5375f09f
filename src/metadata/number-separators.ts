/** What may stand before a fraction. */
export const DECIMAL_SEPARATORS = ['.', ','] as const;

/** What may part digits in threes: with the two apostrophes, and the blanks of several widths that spreadsheets write. */
export const THOUSANDS_SEPARATORS = [',', '.', ' ', "'", '\u2019', '_', '\u00a0', '\u2009', '\u202f'] as const;

export type DecimalSeparator = (typeof DECIMAL_SEPARATORS)[number];
export type ThousandsSeparator = (typeof THOUSANDS_SEPARATORS)[number];
