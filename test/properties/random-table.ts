import fc from 'fast-check';
import { FEATURE_VALUES, type FeatureValues, type Spelled } from './feature-values.ts';

/** How a file is written. */
export interface Dialect {
  readonly delimiter: string;
  readonly newline: '\n' | '\r\n' | '\r';
  readonly escape: '"' | '\\';
  readonly bom: boolean;
  readonly finalNewline: boolean;
  /** Quote every field, or only those that need it. */
  readonly quoteAll: boolean;
  /** Write the columns in reverse, with one between them that no feature takes. */
  readonly reversed: boolean;
  readonly header: boolean;
}

/** A random table: columns of random types, rows of random values; null is `null`. */
export interface RandomTable {
  readonly features: readonly FeatureValues[];
  readonly rows: readonly (readonly (Spelled | null)[])[];
  readonly dialect: Dialect;
  /** Destination keys that must not change what comes out. */
  readonly layout: Readonly<Record<string, unknown>>;
  readonly sliceBytes: number;
}

const dialects: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
  escape: fc.constantFrom('"', '\\'),
  bom: fc.boolean(),
  finalNewline: fc.boolean(),
  quoteAll: fc.boolean(),
  reversed: fc.boolean(),
  header: fc.boolean(),
});

const layouts = fc.record({
  compression: fc.constantFrom('snappy', 'gzip', 'zstd', 'none'),
  encodings: fc.constantFrom('auto', 'compatible'),
  row_group_rows: fc.constantFrom(1, 7, 64, 1_048_576),
  page_bytes: fc.constantFrom(64, 1000, 1_048_576),
});

/** Tables of 1 to 8 columns and up to 120 rows. */
export const randomTables: fc.Arbitrary<RandomTable> = fc
  .tuple(
    fc.array(fc.constantFrom(...FEATURE_VALUES), { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 120 }),
    fc.constantFrom(0, 0.1, 0.9, 1),
  )
  .chain(([features, count, nulls]) => {
    const cell = (feature: FeatureValues): fc.Arbitrary<Spelled | null> =>
      nulls === 0
        ? feature.values
        : fc
            .tuple(fc.double({ min: 0, max: 1, noNaN: true }), feature.values)
            .map(([dice, value]) => (dice < nulls ? null : value));
    return fc.record({
      features: fc.constant(features),
      rows: fc.array(fc.tuple(...features.map(cell)), { minLength: count, maxLength: count }),
      dialect: dialects,
      layout: layouts,
      sliceBytes: fc.constantFrom(64, 200, 1000, 33_554_432),
    });
  });
