import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { decimalText, floatText, integerText, stampText } from './csv-arbitraries.ts';
import { planOf } from './csv-drive.ts';
import { fieldText } from './profile-arbitraries.ts';
import { ProfileDriver, type ProfiledField, SEPARATOR } from './profile-drive.ts';
import { ProfileTwin } from './profile-twin.ts';

let driver: ProfileDriver;
beforeAll(async () => {
  driver = await ProfileDriver.open();
});

/** Formats of which every profile must know the count, whether it lists them or not. */
const FORMATS = [
  ['date', '%d/%m/%Y'],
  ['date', '%m/%d/%Y'],
  ['date', '%d.%m.%Y'],
  ['date', '%d-%m-%Y'],
  ['date', '%m-%d-%Y'],
  ['date', '%Y/%m/%d'],
  ['date', '%Y-%m-%d'],
  ['date', '%Y%m%d'],
  ['date', '%d %b %Y'],
  ['date', '%b %d, %Y'],
  ['date', '%d-%b-%Y'],
  ['date', '%d/%m/%y'],
  ['date', '%m/%d/%y'],
  ['date', '%y/%m/%d'],
  ['timestamp', '%d/%m/%Y %H:%M'],
  ['timestamp', '%m/%d/%Y %I:%M:%S %p'],
  ['timestamp', '%Y-%m-%d %H:%M:%S'],
  ['timestamp', '%d.%m.%Y %H:%M:%S.%f'],
  ['timestamp', '%a, %d %b %Y %H:%M:%S %Z'],
  ['timestamp', '%d/%b/%Y:%H:%M:%S %z'],
  ['time', '%H:%M:%S'],
  ['time', '%I:%M %p'],
] as const;
const SHAPES = 12;

const KEPT_APART = `\r\n"${String.fromCharCode(SEPARATOR)}`;
const isPlain = (text: string): boolean => ![...KEPT_APART].some((each) => text.includes(each));

function compare(fields: readonly ProfiledField[], piece?: number): void {
  const twin = new ProfileTwin(fields);
  const { name, position, numbers, times, signs, ...counts } = driver.column(fields, {}, piece);
  expect([name, position]).toEqual(['c', 0]);
  const sorted = (list: readonly { readonly text: string }[]) => [...list].sort((a, b) => (a.text < b.text ? -1 : 1));
  const normal = (column: ReturnType<ProfileTwin['counts']>) => ({
    ...column,
    nulls: sorted(column.nulls),
    quotedNulls: sorted(column.quotedNulls),
    booleans: sorted(column.booleans),
  });
  expect(normal(counts)).toEqual(normal(twin.counts()));
  expect(sorted(signs)).toEqual(sorted(twin.signs()));
  for (const reading of numbers) {
    const slow = twin.numbers(reading.decimal, reading.thousands);
    // For values with an exponent that could be either, more digits are reserved than they need, and what only one of its readings takes
    // beyond a double may be missed: such a row is rejected when it is loaded.
    const { scale, digitsBefore, magnitude, beyondDouble } = reading;
    const isLoose = reading.exponents > 0 && reading.ambiguous > 0;
    const loose = isLoose ? { scale, digitsBefore, magnitude, beyondDouble } : {};
    if (isLoose) expect(scale).toBeGreaterThanOrEqual(slow?.scale ?? 0);
    if (isLoose) expect(digitsBefore).toBeGreaterThanOrEqual(slow?.digitsBefore ?? 0);
    if (isLoose) expect(beyondDouble).toBeLessThanOrEqual(slow?.values ?? 0);
    expect(reading).toEqual({ ...slow, ...loose });
  }
  const base = numbers.find(({ decimal, thousands }) => decimal === '.' && thousands === null) ?? null;
  if (base === null) expect(twin.numbers('.', null)).toBeNull();
  for (const kind of ['date', 'time', 'timestamp'] as const) {
    const iso = times.find((reading) => reading.kind === kind && reading.format === null);
    if (iso !== undefined || kind !== 'timestamp')
      expect([kind, iso?.values ?? 0]).toEqual([kind, twin.times(kind, null)]);
  }
  for (const reading of times) {
    expect([reading.format, reading.values]).toEqual([reading.format, twin.times(reading.kind, reading.format)]);
  }
  if (times.length >= SHAPES) return;
  for (const [kind, format] of FORMATS) {
    const found = times.find((reading) => reading.format === format)?.values ?? 0;
    expect([format, found]).toEqual([format, twin.times(kind, format)]);
  }
}

describe('a profile counts what its slow twin counts', () => {
  const columns: readonly (readonly [string, fc.Arbitrary<string>])[] = [
    ['integers', integerText],
    ['floats', floatText],
    ['decimals', decimalText],
    ['stamps', stampText],
    ['anything', fieldText],
  ];
  it.each(columns)('%s', (_name, text) => {
    const field = fc.record({ text: text.filter(isPlain), quoted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), (fields) => compare(fields)),
      { numRuns: 250 },
    );
  });

  it('whatever the pieces it is read in', () => {
    const field = fc.record({ text: fieldText.filter(isPlain), quoted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 90 }), (fields, piece) =>
        compare(fields, piece),
      ),
      { numRuns: 100 },
    );
  });
});

describe('a profile', () => {
  const textsOf = (texts: readonly string[]): readonly ProfiledField[] =>
    texts.map((text) => ({ text, quoted: false }));

  it('unescapes before it judges', () => {
    const column = driver.column([
      { text: '{"a": "b"}', quoted: true },
      { text: '\\N', quoted: true },
      { text: 'say "x"', quoted: true },
    ]);
    expect(column.json).toBe(1);
    expect(column.quotedNulls).toEqual([{ text: '\\N', fields: 1 }]);
    expect(column.longest).toBe(10);
  });

  it('takes the nulls that the plan declares for nulls, whatever else they are', () => {
    const column = driver.column(textsOf(['-999', '-999', '5', 'nothing at all, not a thing', '']), {
      nullValues: ['', '-999', 'nothing at all, not a thing'],
    });
    expect(column.nulls).toEqual([
      { text: '-999', fields: 2 },
      { text: 'nothing at all, not a thing', fields: 1 },
    ]);
    expect(column.values).toBe(1);
    expect(column.numbers[0]?.least).toBe('5');
  });

  it('trims where the plan does, and says where blanks are', () => {
    const fields = textsOf([' 5', '6\t', ' NA ', '  ']);
    expect(driver.column(fields)).toMatchObject({ padded: 4, values: 4, numbers: [], nulls: [] });
    expect(driver.column(fields, { trim: true })).toMatchObject({
      padded: 0,
      values: 2,
      empty: 1,
      nulls: [{ text: 'NA', fields: 1 }],
    });
  });

  it('reads backslash escapes where the plan does', () => {
    const column = driver.column(textsOf(['\\N', 'a\\tb', 'a\\qb', '1\\t']), {
      quote: null,
      escape: 92,
      bareEscapes: true,
    });
    expect(column).toMatchObject({ nulls: [{ text: '\\N', fields: 1 }], values: 3, invalid: 1, longest: 3, padded: 1 });
  });

  it('reads JSON as the field reads, not as it is written', () => {
    const bare = driver.column(textsOf(['{"a": "b\\\\n"}', '{"a": \\q}']), {
      quote: null,
      escape: 92,
      bareEscapes: true,
    });
    expect(bare.json).toBe(1);
    const padded = driver.column(textsOf(['  [1] ', '[1']), { trim: true });
    expect(padded.json).toBe(1);
    const plan = { escape: 92 };
    const { columns } = driver.run(Buffer.from('"{\\"a\\": 1}",x\n"{\\"a": 1}",x\n'), planOf({ width: 2, ...plan }));
    expect(columns[0]).toMatchObject({ fields: 1, json: 1 });
  });

  it('counts damaged records, and nothing of them', () => {
    const { rows, damaged, columns } = driver.run(Buffer.from('1,2\n3\n"4"x,5\n6,7,8\n9,10\n'), planOf({ width: 2 }));
    expect([rows, damaged]).toEqual([2, 3]);
    expect(columns[0]).toMatchObject({ fields: 2, values: 2, numbers: [{ least: '1', greatest: '9' }] });
  });

  it('keeps bounds of up to 38 digits', () => {
    const [reading] = driver.column(
      textsOf(['9'.repeat(38), `-${'9'.repeat(20)}`, `-${'8'.repeat(38)}`, '12']),
    ).numbers;
    expect([reading?.least, reading?.greatest]).toEqual([`-${'8'.repeat(38)}`, '9'.repeat(38)]);
  });

  it('tells what is beyond a double', () => {
    const texts = [
      '1e308',
      '1.7976931348623157e308',
      '1.7976931348623159e308',
      '1e309',
      '-1e400',
      '1e-400',
      '9'.repeat(400),
    ];
    expect(driver.column(textsOf(texts)).numbers[0]?.beyondDouble).toBe(4);
  });
});
