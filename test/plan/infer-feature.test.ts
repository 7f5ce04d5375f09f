import { beforeAll, describe, expect, it } from 'vitest';
import type { FeatureGuess, GuessOptions } from '../../src/plan/infer/feature-guess.ts';
import { inferFeature } from '../../src/plan/infer/infer-feature.ts';
import { ProfileDriver, type ProfiledField } from '../kernel/profile-drive.ts';

let driver: ProfileDriver;
beforeAll(async () => {
  driver = await ProfileDriver.open();
});

/** Fields as a file has them: `"x"` is quoted. */
function fieldsOf(written: readonly string[]): readonly ProfiledField[] {
  return written.map((text) => {
    const quoted = text.startsWith('"');
    return { text: Buffer.from(quoted ? text.slice(1, -1) : text).toString('latin1'), quoted };
  });
}

function guess(written: readonly string[], options: GuessOptions = {}): FeatureGuess {
  return inferFeature(driver.column(fieldsOf(written)), options);
}

/** Type, format and style in one line. */
function said({ type, format, style }: Pick<FeatureGuess, 'type' | 'format' | 'style'>): string {
  const signs = [style?.percent, style?.currency].filter((sign) => sign != null);
  const spelled = style === null ? [] : [`[${style.decimal}${style.thousands ?? ''}]`, ...signs];
  return [type, ...(format === null ? [] : [format]), ...spelled].join(' ');
}

const COLUMNS: readonly (readonly [type: string, written: readonly string[], others?: readonly string[]])[] = [
  // Integers.
  ['bigint', ['1', '-5', '+7', '42']],
  ['bigint', ['9223372036854775807', '-9223372036854775808']],
  ['uint64', ['18446744073709551615', '0'], ['decimal(38,0)']],
  ['decimal(38,0)', ['18446744073709551616'], ['string']],
  ['decimal(38,0)', ['18446744073709551615', '-1'], ['string']],
  ['decimal(38,0)', ['9'.repeat(38)], ['string']],
  ['string', ['9'.repeat(39)]],
  ['bigint', ['0', '1', '1'], ['boolean']],
  ['bigint', ['-1', '0', '1']],
  // Codes.
  ['string', ['007', '12'], ['bigint']],
  ['bigint', ['0', '10', '100']],
  ['string', ['00496955', '12345678'], ['bigint']],
  ['string', ['01.5', '2.5'], ['decimal(18,1)']],
  ['string', ['+491701234567', '+4930123456'], ['bigint']],
  ['string', ['0170 1234567', '030 123']],
  ['string', ['170 123 456', '171 234 567'], ['bigint [. ]']],
  ['string', ['555-1234']],
  ['string', ['12a', '13b']],
  ['string', ['1', 'x', '3', '4'], ['bigint']],
  // Fractions.
  ['decimal(18,2)', ['1.5', '0.25', '100'], ['double']],
  ['decimal(18,1)', ['0.5', '-.5', '5.'], ['double']],
  ['decimal(38,9)', ['1234567.123456789'], ['double']],
  ['double', ['0.30000000000000004', '0.1'], ['decimal(38,17)']],
  ['double', ['1e5', '2.5']],
  ['double', ['1.5', 'inf', '-Infinity']],
  ['double', ['1.5', 'NaN'], ['decimal(18,1)']],
  ['bigint', ['1', 'NaN']],
  ['string', ['1e999', '2']],
  // Separators.
  ['string', ['1.234', '12.345'], ['decimal(18,3)', 'bigint [,.]']],
  ['string', ['1,234'], ['decimal(18,3) [,]', 'bigint [.,]']],
  ['decimal(18,3)', ['1.234', '0.125'], ['double']],
  ['decimal(18,3)', ['1.234', '1234.5'], ['double']],
  ['decimal(18,3) [,]', ['1,234', '12,5'], ['double [,]']],
  ['bigint [.,]', ['1,234', '1,234,567']],
  ['decimal(18,2) [.,]', ['1,234', '1,234.56'], ['double [.,]']],
  ['decimal(18,1) [.,]', ['1,234', '1.5'], ['double [.,]']],
  ['decimal(18,2) [,.]', ['1.234,56', '7'], ['double [,.]']],
  ["decimal(18,2) [.']", ["1'234.50", '2.25'], ["double [.']"]],
  ['bigint [._]', ['1_000', '5']],
  ['decimal(18,1) [, ]', ['1 234,5', '2,5'], ['double [, ]']],
  ['bigint [.\u202f]', ['1\u202f234', '5']],
  ['string', ['12,34,567']],
  ['string', ['1.5', '1,5'], ['double']],
  ['string', ['1,234', '1.5,5']],
  // Signs.
  ['bigint [.] number', ['5%', '12 %'], ['decimal(20,2) [.] fraction']],
  ['decimal(18,1) [.] number', ['5.5%', '12%'], ['double [.] number', 'decimal(20,3) [.] fraction']],
  ['bigint [.] $', ['$5', '-$7']],
  ['decimal(18,2) [,.] €', ['1.234,50 €', '3,00 €'], ['double [,.] €']],
  ['bigint [.] EUR', ['EUR 5', '7 EUR']],
  ['string', ['$5', '7'], ['bigint [.] $']],
  ['string', ['$5', '€7']],
  ['string', ['5%', '7'], []],
  // Booleans.
  ['boolean', ['true', 'false', 'TRUE']],
  ['boolean', ['true', 'true']],
  ['boolean', ['yes', 'No']],
  ['boolean', ['Y', 'n']],
  ['boolean', ['T', 'F']],
  ['boolean', ['true', '0']],
  ['boolean', ['on', 'off']],
  ['boolean', ['ja', 'Nein']],
  ['string', ['oui', 'nein']],
  ['string', ['F', 'F']],
  ['string', ['yes', 'yes']],
  ['string', ['yes', 'false']],
  ['string', ['yes', '1']],
  ['string', ['true', 'maybe']],
  // Dates and times.
  ['date', ['2024-02-29', '0001-01-01']],
  ['string', ['2024-02-30', '2024-02-29'], ['date']],
  ['date %Y-%m-%d', ['2024-2-9', '2024-02-10']],
  ['timestamp(us)', ['2024-01-05 10:00:00', '2024-01-05T10:00']],
  ['timestamp(us)', ['2024-01-05 10:00:00', '2024-01-05']],
  ['timestamp(ns)', ['2024-01-05 10:00:00.123456789']],
  ['string', ['0024-01-05 10:00:00.123456789'], ['timestamp(us)']],
  ['string', ['2024-01-05 10:00:00.1234567891'], ['timestamp(us)']],
  ['timestamptz(us)', ['2024-01-05T10:00:00Z', '2024-01-05 10:00:00.5+02:00']],
  ['string', ['2024-01-05T10:00:00Z', '2024-01-05T10:00:00'], ['timestamptz(us)']],
  ['time(us)', ['10:00', '23:59:59.5']],
  ['string', ['24:00', '10:00'], ['time(us)']],
  ['time(us) %I:%M %p', ['1:30 PM', '12:00 am']],
  ['date %d/%m/%Y', ['01/02/2024', '13/02/2024']],
  ['date %m/%d/%Y', ['01/02/2024', '02/13/2024']],
  ['string', ['01/02/2024', '02/01/2024'], ['date %d/%m/%Y', 'date %m/%d/%Y']],
  ['string', ['13/02/2024', '02/13/2024'], ['date %d/%m/%Y']],
  ['date %d.%m.%Y', ['31.12.2023', '1.2.2024']],
  ['date %Y/%m/%d', ['2024/01/02']],
  ['string', ['31.12.23', '30.11.24'], ['date %d.%m.%y', 'date %y.%m.%d']],
  ['string', ['01.02.03'], ['date %d.%m.%y', 'date %m.%d.%y', 'date %y.%m.%d']],
  ['date %Y%m%d', ['20240131', '20231201'], ['bigint']],
  ['bigint', ['20240131']],
  ['bigint', ['20240131', '20240132']],
  ['date %d %b %Y', ['5 Jan 2024', '31 December 2023']],
  ['date %b %d, %Y', ['Jan 5, 2024']],
  ['date %d-%b-%Y', ['05-JAN-2024']],
  ['timestamp(us) %d.%m.%Y %H:%M', ['31.12.2023 10:30']],
  ['timestamp(us) %m/%d/%Y %I:%M:%S %p', ['12/31/2023 1:30:00 PM']],
  ['timestamptz(us) %d/%b/%Y:%H:%M:%S %z', ['10/Oct/2000:13:55:36 -0700']],
  ['timestamptz(us) %a, %d %b %Y %H:%M:%S %Z', ['Tue, 15 Nov 1994 08:12:31 GMT']],
  ['bigint', ['1700000000', '1710000000']],
  ['bigint', ['2023', '2024']],
  ['string', ['1.2.3', '10.4.1']],
  ['string', ['192.168.0.1']],
  // Others.
  ['uuid', ['550e8400-e29b-41d4-a716-446655440000']],
  ['string', ['d41d8cd98f00b204e9800998ecf8427e'], ['uuid']],
  ['json', ['"{}"', '[1]']],
  ['string', ['{x}', '[1]'], ['json']],
  ['string', ['Zürich', 'Bern']],
  ['string', ['', '']],
  ['string', ['NA', 'NULL']],
  ['string', []],
  ['string', [' 5', '6'], ['bigint']],
  ['string', ['1 000', 'a']],
];

describe('a column is', () => {
  it.each(COLUMNS.map(([expected, written, others]) => ({ expected, written, others })))(
    '$expected: $written',
    ({ expected, written, others }) => {
      const found = guess(written);
      expect([said(found), found.evidence]).toEqual([expected, found.evidence]);
      if (others !== undefined) expect(found.alternatives.map(said)).toEqual(others);
    },
  );
});

const NULLS: readonly (readonly [readonly string[], Partial<FeatureGuess>, GuessOptions?])[] = [
  [['1', '2'], { type: 'bigint', nullable: false, nullSpellings: [] }],
  [['1', ''], { type: 'bigint', nullable: true, nullSpellings: [] }],
  [['1', 'NA', 'n/a'], { type: 'bigint', nullable: true, nullSpellings: ['NA', 'n/a'], quotedNulls: false }],
  [['1', 'NA'], { nullable: true, nullSpellings: [] }, { nullValues: ['NA'] }],
  [['"1"', '""'], { type: 'bigint', nullable: true, quotedNulls: true }],
  [['"1"', '""'], { type: 'string', nullable: false, quotedNulls: false }, { quotedNulls: false }],
  [['"1"', '""'], { type: 'bigint', nullable: true, quotedNulls: false }, { quotedNulls: true }],
  [['"1"', '"NULL"'], { type: 'bigint', nullable: true, nullSpellings: ['NULL'], quotedNulls: true }],
  [['Bern', '""'], { type: 'string', nullable: false }],
  [['Bern', '""'], { type: 'string', nullable: true }, { quotedNulls: true }],
  [['Bern', ''], { type: 'string', nullable: true }],
  [['Bern', 'NA'], { type: 'string', nullable: false, nullSpellings: [] }],
  [['Bern', 'NA'], { type: 'string', nullable: true, nullSpellings: [] }, { nullValues: ['NA'] }],
  [['Bern', '\\N'], { type: 'string', nullable: true, nullSpellings: ['\\N'] }],
  [['1.5', 'NaN'], { type: 'double', nullable: false, nullSpellings: [] }],
  [['1.5', 'NaN'], { type: 'decimal(18,1)', nullable: true, nullSpellings: [] }, { nullValues: ['NaN'] }],
  [['2024-01-01', '-'], { type: 'date', nullable: true, nullSpellings: ['-'] }],
  [['yes', 'no', '?'], { type: 'boolean', nullable: true, booleans: { true: ['yes'], false: ['no'] } }],
  [['NA', 'NA'], { type: 'string', nullable: false, confidence: 0.1 }],
];

describe('nulls', () => {
  it.each(NULLS.map(([written, expected, options]) => ({ written, expected, options: options ?? {} })))(
    '$written with $options',
    ({ written, expected, options }) => {
      expect(guess(written, options)).toMatchObject(expected);
    },
  );
});

describe('a guess', () => {
  it('takes the decimal separator that other columns prove', () => {
    expect(said(guess(['1.234'], { decimal: '.' }))).toBe('decimal(18,3)');
    expect(said(guess(['1.234'], { decimal: ',' }))).toBe('bigint [,.]');
    expect(said(guess(['1,234'], { decimal: ',' }))).toBe('decimal(18,3) [,]');
    expect(said(guess(['1,234'], { decimal: '.' }))).toBe('bigint [.,]');
  });

  it('weighs several files as one column', () => {
    const parts = [['1', '2'], ['1.5'], ['', 'NA']].map((written) => driver.column(fieldsOf(written)));
    expect(inferFeature(parts)).toMatchObject({ type: 'decimal(18,1)', nullable: true, nullSpellings: ['NA'] });
    const dates = [['01/02/2024'], ['2/28/2024']].map((written) => driver.column(fieldsOf(written)));
    expect(said(inferFeature(dates))).toBe('date %m/%d/%Y');
    const mixed = [['1.234'], ['1,5'], ['7']].map((written) => driver.column(fieldsOf(written)));
    expect(said(inferFeature(mixed))).toBe('bigint [,.]'.replace('bigint', 'decimal(18,1)'));
  });

  it('says with counts why, and shows no value', () => {
    const { evidence, alternatives } = guess(['48151623', '4815.1623', '', 'NA', '-']);
    expect(evidence).toEqual([
      'all 2 values: numbers',
      '1 value with a fraction, of up to 4 digits',
      'decimal(18,4) leaves room for more digits before the separator than the 8 there are',
      '1 field empty: null',
      '1 field "NA": null',
      '1 field "-": null',
    ]);
    expect(JSON.stringify({ evidence, alternatives })).not.toContain('4815');
  });

  it('is the surer the more values say it', () => {
    const few = guess(['5']).confidence;
    const many = guess(Array.from({ length: 100 }, (_, i) => `${i}`)).confidence;
    expect(few).toBeLessThan(many);
    expect(guess([]).confidence).toBe(0.1);
  });

  it('of text that is not UTF-8 is text with little confidence', () => {
    const column = driver.column([{ text: 'M\xfcnchen', quoted: false }]);
    expect(inferFeature(column)).toMatchObject({ type: 'string', alternatives: [{ type: 'binary' }] });
    expect(inferFeature(column).confidence).toBeLessThan(0.3);
  });
});
