import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile } from '../../src/flow/profile.ts';
import { inferFeature } from '../../src/plan/infer/infer-feature.ts';
import { ProfileDriver, type ProfiledField } from '../kernel/profile-drive.ts';
import { ColumnCaster, type Declaration } from './cast-columns.ts';
import { COLUMNS, columnOf } from './guessed-columns.ts';

let profiler: ProfileDriver;
let caster: ColumnCaster;
beforeAll(async () => {
  profiler = await ProfileDriver.open();
  caster = await ColumnCaster.open();
});

/** What is narrower than a type that was taken: if the rules are right, the cast refuses it too. */
function narrowerThan(type: string): readonly Declaration[] {
  const decimals = ['int64', 'uint64'].map((each) => ({ type: each }));
  if (type === 'uint64') return [{ type: 'int64' }];
  if (type === 'decimal(38,0)') return decimals;
  if (type.startsWith('decimal') || type === 'double') return decimals;
  if (type.startsWith('timestamptz')) return [{ type: 'timestamp(us)' }, { type: 'date' }];
  if (type.startsWith('timestamp')) return [{ type: 'date' }];
  return [];
}

/** What text could have been; none of it takes all of a column of which no other word is said. */
const UNLIKE_TEXT: readonly Declaration[] = [
  ...[
    'bigint',
    'uint64',
    'decimal(38,0)',
    'decimal(38,9)',
    'double',
    'uuid',
    'date',
    'time(us)',
    'timestamptz(us)',
  ].map((type) => ({ type })),
  { type: 'decimal(38,9)', style: { decimal: ',', thousands: '.', percent: null, currency: null } },
  { type: 'decimal(38,9)', style: { decimal: '.', thousands: ',', percent: null, currency: null } },
  { type: 'decimal(38,9)', style: { decimal: '.', thousands: null, percent: 'number', currency: null } },
  { type: 'decimal(38,9)', style: { decimal: ',', thousands: null, percent: null, currency: '€' } },
  ...['%d/%m/%Y', '%m/%d/%Y', '%d.%m.%Y', '%d %b %Y', '%d/%m/%y'].map((format) => ({ type: 'date', format })),
  ...['%d.%m.%Y %H:%M:%S', '%m/%d/%Y %H:%M:%S.%f'].map((format) => ({ type: 'timestamp(us)', format })),
];

/** Whatever could be null is. */
function generous({ nulls, quotedNulls }: ColumnProfile): Pick<Declaration, 'nullValues' | 'quotedNulls'> {
  const texts = [...nulls, ...quotedNulls].map(({ text }) => text);
  return { nullValues: ['', ...new Set(texts)], quotedNulls: true };
}

function check(fields: readonly ProfiledField[]): void {
  const column = profiler.column(fields);
  const guess = inferFeature(column);
  const rules = { nullValues: ['', ...guess.nullSpellings], quotedNulls: guess.quotedNulls };
  const { type, format, style, nullable, booleans } = guess;
  const words = booleans === null ? {} : { trueValues: booleans.true, falseValues: booleans.false };
  const invalid = Array.from({ length: column.invalid }, () => 'ATLAS_CSV_UTF8');
  const declared: Declaration = { type, format, style, nullable, ...rules, ...words };
  expect([guess, caster.rejects(fields, declared)]).toEqual([guess, invalid]);
  // Nullable exactly where a null is.
  if (nullable) expect(caster.rejects(fields, { ...declared, nullable: false }).length).toBeGreaterThan(invalid.length);
  const all = column.numbers.find(({ values }) => values === column.values);
  const nanIsValue = type === 'double' && all?.exponents === 0 && all.named === 0;
  // A timestamp at midnight is a date in a format that reads its time of day.
  const narrower = narrowerThan(type).filter((each) => each.type !== 'date' || format === null);
  for (const narrow of nanIsValue ? [] : narrower) {
    expect([narrow, type, caster.rejects(fields, { ...narrow, format, style, ...rules }).length]).not.toEqual([
      narrow,
      type,
      0,
    ]);
  }
  for (const { type: other, format: otherFormat, style: otherStyle, why } of guess.alternatives) {
    if (why.includes('rejected') || why.includes('on_loss') || other === 'string') continue;
    const rejects = caster.rejects(fields, {
      ...generous(column),
      type: other,
      format: otherFormat,
      style: otherStyle,
    });
    expect([other, why, rejects]).toEqual([other, why, []]);
  }
  if (type !== 'string' || column.values === 0 || column.invalid > 0 || !guess.evidence[0]?.startsWith('text')) return;
  for (const wide of UNLIKE_TEXT) {
    expect([wide, caster.rejects(fields, { ...wide, ...generous(column) }).length]).not.toEqual([wide, 0]);
  }
}

describe('what is inferred is what the cast takes, and nothing narrower would do', () => {
  it.each(Object.entries(COLUMNS))('%s', (_name, text) => {
    fc.assert(fc.property(columnOf(text), check), { numRuns: 50 });
  });
});
