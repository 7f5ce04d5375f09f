import type { Field } from '../../src/batch/schema.ts';
import { type Cell, field } from './build-batch.ts';

/** Extremes and edges of every logical type: the cells a column may hold besides null. */
export const EDGES: Readonly<Record<string, readonly Cell[]>> = {
  int64: [0n, -1n, 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n],
  int32: [0n, -1n, 2n ** 31n - 1n, -(2n ** 31n)],
  int16: [0n, -1n, 32767n, -32768n],
  int8: [0n, -1n, 127n, -128n],
  uint64: [0n, 1n, 2n ** 64n - 1n, 2n ** 63n],
  uint32: [0n, 1n, 2n ** 32n - 1n, 2n ** 31n],
  uint16: [0n, 65535n, 32768n],
  uint8: [0n, 255n, 128n],
  double: [0, -0, 1.5, -1.5, Number.NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, -123.45],
  real: [0, -0, 1.5, -1.5, Number.NaN, Infinity, -Infinity, Math.fround(3.4e38), Math.fround(1e-40)],
  'decimal(9,2)': [0n, -1n, 999_999_999n, -999_999_999n],
  'decimal(18,0)': [0n, -1n, 10n ** 18n - 1n, -(10n ** 18n) + 1n],
  'decimal(19,4)': [0n, -1n, 10n ** 19n - 1n, -(10n ** 19n) + 1n, 12345n],
  'decimal(38,10)': [0n, -1n, 10n ** 38n - 1n, -(10n ** 38n) + 1n, 2n ** 64n, -(2n ** 64n)],
  boolean: [true, false],
  string: ['', 'a', 'ä€😀', 'x'.repeat(300), `${'y'.repeat(63)}é`, '\0', 'line\nbreak', '\u{10ffff}'],
  json: ['{}', 'null', '[1,2,3]', '""'],
  binary: [new Uint8Array(0), new Uint8Array([0]), new Uint8Array([255, 254]), new Uint8Array(100).fill(255)],
  uuid: [
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '7fffffff-0000-4000-8000-000000000001',
  ],
  date: [0n, -1n, -719_162n, 2_932_896n, 19_000n],
  'time(s)': [0n, 86_399n, 43_200n],
  'time(ms)': [0n, 86_399_999n, 1n],
  'time(us)': [0n, 86_399_999_999n, 1n],
  'time(ns)': [0n, 86_399_999_999_999n, 1n],
  timestamp: [0n, -1n, -62_135_596_800n, 253_402_300_799n, 1_700_000_000n],
  'timestamp(ms)': [0n, -1n, -62_135_596_800_000n, 253_402_300_799_999n],
  'timestamp(us)': [0n, -1n, -62_135_596_800_000_000n, 253_402_300_799_999_999n],
  'timestamp(ns)': [0n, -1n, 2n ** 62n, -(2n ** 62n)],
  'timestamptz(s)': [0n, -1n, 253_402_300_799n],
  'timestamptz(ms)': [0n, -1n, 253_402_300_799_999n],
  timestamptz: [0n, -1n, 253_402_300_799_999_999n],
  'timestamptz(ns)': [0n, -1n, 2n ** 62n],
};

/** One field for every type, named after it. */
export const ALL_FIELDS: readonly Field[] = Object.keys(EDGES).map((name) => field(name, name));
