/** Byte offsets of what the host reads from a column's state (`kernel/assembly/parquet-column.ts`). */
export const STATE = {
  outAddress: 0,
  outLength: 4,
  outEncoding: 8,
  rows: 12,
  values: 16,
  status: 20,
  dictionaryCount: 24,
  dictionaryLength: 28,
  minLength: 32,
  maxLength: 36,
  minExact: 40,
  maxExact: 44,
  minInteger: 48,
  maxInteger: 56,
  minFloat: 64,
  maxFloat: 72,
  bounded: 80,
  mode: 84,
  dictionaryPages: 88,
  plainLength: 92,
  levelsLength: 96,
  minAddress: 100,
  maxAddress: 104,
  page: 108,
  dictionary: 112,
} as const;

export const STATUS = { done: 0, full: 1, oversize: 2, overflow: 3 } as const;

export const FLAG = { nullable: 1, dictionary: 2, delta: 4, runs: 8 } as const;

export const MODE_PLAIN = 0;
