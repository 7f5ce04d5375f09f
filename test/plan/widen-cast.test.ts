import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile } from '../../src/flow/profile.ts';
import { nameLogicalType, parseLogicalType } from '../../src/metadata/logical-type.ts';
import { mergeProfiles } from '../../src/plan/infer/merge-profiles.ts';
import { countNulls } from '../../src/plan/infer/null-spellings.ts';
import { widenToProfile } from '../../src/plan/infer/widen-to-profile.ts';
import { ProfileDriver, type ProfiledField } from '../kernel/profile-drive.ts';
import { ColumnCaster, type Declaration } from './cast-columns.ts';
import { COLUMNS, columnOf } from './guessed-columns.ts';

let profiler: ProfileDriver;
let caster: ColumnCaster;
beforeAll(async () => {
  profiler = await ProfileDriver.open();
  caster = await ColumnCaster.open();
});

const TRUE = ['true', 'True', 'TRUE', 't', 'T', '1'];
const FALSE = ['false', 'False', 'FALSE', 'f', 'F', '0'];
const style = (more: object): NonNullable<Declaration['style']> => ({
  decimal: '.',
  thousands: null,
  percent: null,
  currency: null,
  ...more,
});

const declaration: fc.Arbitrary<Declaration> = fc
  .record({
    declared: fc.oneof(
      fc
        .constantFrom('tinyint', 'uint8', 'smallint', 'int32', 'uint32', 'bigint', 'uint64', 'real', 'double')
        .map((type) => ({ type })),
      fc
        .constantFrom('decimal(3,1)', 'decimal(9,2)', 'decimal(18,6)', 'decimal(38,0)', 'decimal(38,10)')
        .map((type) => ({ type })),
      fc
        .tuple(
          fc.constantFrom('int32', 'bigint', 'decimal(9,2)', 'double'),
          fc.constantFrom(
            style({ decimal: ',' }),
            style({ decimal: ',', thousands: '.' }),
            style({ thousands: ',' }),
            style({ decimal: ',', thousands: ' ' }),
            style({ percent: 'number' }),
            style({ currency: '€', decimal: ',' }),
            style({ currency: '$', thousands: ',' }),
          ),
        )
        .map(([type, spelled]) => ({ type, style: spelled })),
      fc.constantFrom('boolean', 'uuid', 'date', 'string').map((type) => ({ type })),
      fc
        .constantFrom('time', 'timestamp', 'timestamptz')
        .chain((kind) => fc.constantFrom('s', 'ms', 'us', 'ns').map((unit) => ({ type: `${kind}(${unit})` }))),
      fc
        .constantFrom('%d/%m/%Y', '%m/%d/%Y', '%d.%m.%y', '%e %B %Y', '%F', '%d/%m/%Y %T')
        .map((format) => ({ type: 'date', format })),
      fc
        .constantFrom('%d.%m.%Y %H:%M:%S', '%m/%d/%Y %H:%M:%S.%f', '%Y-%m-%dT%H:%M:%S')
        .map((format) => ({ type: 'timestamp(us)', format })),
    ),
    nullValues: fc.constantFrom([''], [], ['', 'NA', 'NULL'], ['', 'NA', 'NULL', '\\N', '-', 'NaN', 'n/a']),
    quotedNulls: fc.boolean(),
  })
  .map(({ declared, ...rules }) => ({ ...declared, ...rules, trueValues: TRUE, falseValues: FALSE }));

/** The type after widening: as declared, another, or none. */
function widen(column: ColumnProfile, declared: Declaration): string | null {
  const type = parseLogicalType(declared.type);
  if ('problem' in type) throw new Error(type.problem);
  const feature = { type, format: declared.format ?? null, style: declared.style ?? null, onLoss: 'reject' } as const;
  const rules = {
    nullValues: declared.nullValues ?? [''],
    quotedNulls: declared.quotedNulls ?? false,
    trueValues: TRUE,
    falseValues: FALSE,
  };
  const wide = widenToProfile(feature, column, rules);
  if (wide === null || wide === 'same') return wide;
  return nameLogicalType(wide);
}

function check(fields: readonly ProfiledField[], declared: Declaration): void {
  const { nullValues = [''] } = declared;
  const column = profiler.column(fields, { nullValues });
  const rejects = caster.rejects(fields, declared);
  const wide = widen(column, declared);
  // Dates of a format that reads a time of day fit only at midnight, which a profile does not look at.
  if (declared.format?.includes('%T')) return;
  if (wide === 'same') expect([declared, rejects]).toEqual([declared, []]);
  // Where no widening is known to help (39 digits for a real, say), the declared type may still take them all: nothing is changed then.
  if (wide !== null && wide !== 'same') {
    // How far a real reaches is judged by digits, a little short of its bound.
    if (declared.type !== 'real') expect([declared, wide, rejects.length]).not.toEqual([declared, wide, 0]);
    expect([wide, caster.rejects(fields, { ...declared, type: wide })]).toEqual([wide, []]);
  }
  // Nulls are counted apart: none of a feature that may not be null is a reject for it alone.
  const nulls = countNulls(column, { nullValues, quotedNulls: declared.quotedNulls ?? false });
  const strict = caster.rejects(fields, { ...declared, nullable: false });
  expect(strict.filter((code) => code === 'ATLAS_CSV_NULL').length).toBe(nulls);
}

describe('a declared type is widened only where it must be, and then takes the whole column', () => {
  it.each(Object.entries(COLUMNS))('%s', (_name, text) => {
    fc.assert(fc.property(columnOf(text), declaration, check), { numRuns: 80 });
  });
});

describe('profiles of several files', () => {
  it.each(Object.entries(COLUMNS))('of %s decide as that of all their rows does', (_name, text) => {
    fc.assert(
      fc.property(columnOf(text), columnOf(text), declaration, (some, more, declared) => {
        const { nullValues = [''] } = declared;
        const merged = mergeProfiles([profiler.column(some, { nullValues }), profiler.column(more, { nullValues })]);
        const whole = profiler.column([...some, ...more], { nullValues });
        expect([declared, widen(merged, declared)]).toEqual([declared, widen(whole, declared)]);
        expect({ ...merged, numbers: [], times: [] }).toMatchObject({
          fields: whole.fields,
          values: whole.values,
          longest: whole.longest,
        });
      }),
      { numRuns: 40 },
    );
  });
});
