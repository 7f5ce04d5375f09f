import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NumberStyle } from '../../src/flow/dataset-plan.ts';
import { DECIMAL_SEPARATORS, THOUSANDS_SEPARATORS } from '../../src/metadata/number-separators.ts';
import { decimalText, floatText, integerText } from './csv-arbitraries.ts';
import { castComparer, LOSSES, rulesOf } from './csv-compare.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { type CastRules, castFloatBits } from './csv-twin-cast.ts';

let driver: Driver;
let compare: (texts: readonly string[], rules: CastRules) => void;
beforeAll(async () => {
  driver = await openParser({ maxRowBytes: 1 << 16 });
  compare = castComparer(driver);
});

const styleOf = (more: Partial<NumberStyle> = {}): NumberStyle => ({
  decimal: '.',
  thousands: null,
  percent: null,
  currency: null,
  ...more,
});

/** One cell through the kernel, unquoted (where it can be) and quoted: its value, or the code of its reject. */
function cast(text: string, type: string, style: Partial<NumberStyle>, onLoss: CastRules['onLoss'] = 'reject'): string {
  const fields = [fieldOf(0, type, { style: styleOf(style), onLoss })];
  const plan = planOf({ width: 1, delimiter: 59, fields, nullValues: [], maxRowBytes: 1 << 16 });
  const answers = [text, `"${text}"`].map((written) => {
    const { rejects, rows } = driver.run(Buffer.from(`${written}\n`), plan);
    return rejects[0]?.code.replace('ATLAS_CAST_', '') ?? String(rows[0]?.[0]);
  });
  expect(answers[1]).toBe(answers[0]);
  return answers[0] ?? '';
}

const bitsOf = (value: number): string => {
  const text = castFloatBits(String(value), 64);
  return 'value' in text ? String(text.value) : text.problem;
};

const COMMA = { decimal: ',', thousands: '.' } as const;
const EURO = { ...COMMA, currency: '€' } as const;

describe('number styles', () => {
  it.each([
    ['1234,56', 'decimal(9,2)', { decimal: ',' }, '123456'],
    ['-1234,5', 'decimal(9,2)', { decimal: ',' }, '-123450'],
    ['1234.56', 'decimal(9,2)', { decimal: ',' }, 'SYNTAX'],
    ['1.234,56', 'decimal(9,2)', COMMA, '123456'],
    ['1234,56', 'decimal(9,2)', COMMA, '123456'],
    ['1.5', 'decimal(9,2)', COMMA, 'SYNTAX'],
    ['1.23', 'decimal(9,2)', COMMA, 'SYNTAX'],
    ['1.2345', 'decimal(9,2)', COMMA, 'SYNTAX'],
    ['0.125', 'decimal(9,2)', COMMA, 'SYNTAX'],
    ['00.125', 'decimal(9,2)', COMMA, 'SYNTAX'],
    ['1,5', 'decimal(9,2)', {}, 'SYNTAX'],
    ['1,234,567', 'int', { thousands: ',' }, '1234567'],
    ['1234567', 'int', { thousands: ',' }, '1234567'],
    ['12,34', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1234,567', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1,234567', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1,23', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1,,234', 'int', { thousands: ',' }, 'SYNTAX'],
    [',234', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1,234,', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1,234.5', 'int', { thousands: ',' }, 'LOSS'],
    ['1.234,567', 'decimal(9,3)', { thousands: ',' }, 'SYNTAX'],
    ['9,223,372,036,854,775,807', 'bigint', { thousands: ',' }, '9223372036854775807'],
    ['9,223,372,036,854,775,808', 'bigint', { thousands: ',' }, 'RANGE'],
    ['-32 768', 'smallint', { thousands: ' ' }, '-32768'],
    ['1\u00a0234\u00a0567,5', 'decimal(9,1)', { decimal: ',', thousands: '\u00a0' }, '12345675'],
    ['1\u202f234', 'int', { thousands: '\u202f' }, '1234'],
    ['1\u2009234', 'int', { thousands: '\u2009' }, '1234'],
    ['1 234', 'int', { thousands: '\u202f' }, 'SYNTAX'],
    ['1\u2019234.50', 'decimal(9,2)', { thousands: '\u2019' }, '123450'],
    ["1'234.50", 'decimal(9,2)', { thousands: "'" }, '123450'],
    ["1'234.50", 'decimal(9,2)', { thousands: '\u2019' }, 'SYNTAX'],
    ['1_000_000', 'int', { thousands: '_' }, '1000000'],
    ['1_00', 'int', { thousands: '_' }, 'SYNTAX'],
    ['5 €', 'int', EURO, '5'],
    ['5€', 'int', EURO, '5'],
    ['€5', 'int', EURO, '5'],
    ['€ 5', 'int', EURO, '5'],
    ['€\u00a01.234,50', 'decimal(9,2)', EURO, '123450'],
    ['1.234,50\u202f€', 'decimal(9,2)', EURO, '123450'],
    ['-€5', 'int', EURO, '-5'],
    ['€-5', 'int', EURO, '-5'],
    ['-5 €', 'int', EURO, '-5'],
    ['+€ 5', 'int', EURO, '5'],
    ['5  €', 'int', EURO, 'SYNTAX'],
    ['€5€', 'int', EURO, 'SYNTAX'],
    ['-€-5', 'int', EURO, 'SYNTAX'],
    ['--5', 'int', EURO, 'SYNTAX'],
    ['- 5', 'int', EURO, 'SYNTAX'],
    ['5€-', 'int', EURO, 'SYNTAX'],
    ['5-', 'int', EURO, 'SYNTAX'],
    ['(5)', 'int', EURO, 'SYNTAX'],
    ['(€5)', 'int', EURO, 'SYNTAX'],
    ['$5', 'int', EURO, 'SYNTAX'],
    ['5 $', 'int', EURO, 'SYNTAX'],
    ['£5', 'int', EURO, 'SYNTAX'],
    ['€', 'int', EURO, 'SYNTAX'],
    ['-€', 'int', EURO, 'SYNTAX'],
    ['5 ', 'int', EURO, 'SYNTAX'],
    [' 5', 'int', EURO, 'SYNTAX'],
    ['5', 'int', EURO, '5'],
    ['USD 1,234.5', 'decimal(9,2)', { thousands: ',', currency: 'USD' }, '123450'],
    ['1,234.5USD', 'decimal(9,2)', { thousands: ',', currency: 'USD' }, '123450'],
    ['5 usd', 'int', { currency: 'USD' }, 'SYNTAX'],
    ['5 US', 'int', { currency: 'USD' }, 'SYNTAX'],
    ['5EUR', 'double', { currency: 'EUR' }, bitsOf(5)],
    ['5e3EUR', 'double', { currency: 'EUR' }, bitsOf(5000)],
    ['5E', 'double', { currency: 'E' }, bitsOf(5)],
    ['R$ 1.234,5', 'decimal(9,2)', { ...COMMA, currency: 'R$' }, '123450'],
    ['₹1', 'int', { currency: '₹' }, '1'],
    ['12.5%', 'decimal(5,4)', { percent: 'fraction' }, '1250'],
    ['12.5 %', 'decimal(5,4)', { percent: 'fraction' }, '1250'],
    ['12.5\u00a0%', 'decimal(5,4)', { percent: 'fraction' }, '1250'],
    ['12.5  %', 'decimal(5,4)', { percent: 'fraction' }, 'SYNTAX'],
    ['12.5', 'decimal(5,4)', { percent: 'fraction' }, 'SYNTAX'],
    ['%', 'decimal(5,4)', { percent: 'fraction' }, 'SYNTAX'],
    ['%12.5', 'decimal(5,4)', { percent: 'fraction' }, 'SYNTAX'],
    ['12.5%%', 'decimal(5,4)', { percent: 'fraction' }, 'SYNTAX'],
    ['12.345%', 'decimal(5,4)', { percent: 'fraction' }, 'LOSS'],
    ['12,5%', 'decimal(5,4)', { decimal: ',', percent: 'fraction' }, '1250'],
    ['12.5%', 'decimal(9,1)', { percent: 'number' }, '125'],
    ['12.5', 'decimal(9,1)', { percent: 'number' }, 'SYNTAX'],
    ['12.5%', 'decimal(5,4)', {}, 'SYNTAX'],
    ['1.5e1%', 'decimal(5,4)', { percent: 'fraction' }, '1500'],
    ['1,250%', 'decimal(5,2)', { percent: 'fraction', thousands: ',' }, '1250'],
    ['33.3%', 'double', { percent: 'fraction' }, bitsOf(0.333)],
    ['7%', 'double', { percent: 'fraction' }, bitsOf(0.07)],
    ['-0%', 'double', { percent: 'fraction' }, bitsOf(-0).replace(/^0$/, String(1n << 63n))],
    ['7%', 'double', { percent: 'number' }, bitsOf(7)],
    ['inf', 'double', { decimal: ',' }, bitsOf(Number.POSITIVE_INFINITY)],
    ['inf%', 'double', { percent: 'fraction' }, 'SYNTAX'],
    ['inf', 'double', { percent: 'fraction' }, 'SYNTAX'],
    ['€inf', 'double', EURO, 'SYNTAX'],
    ['1,5e3', 'double', { decimal: ',' }, bitsOf(1500)],
    ['1.5e3', 'double', { decimal: ',' }, 'SYNTAX'],
    ['1e3', 'int', { thousands: ',' }, 'SYNTAX'],
    ['1200%', 'int', { percent: 'fraction' }, '12'],
    ['0%', 'int', { percent: 'fraction' }, '0'],
    ['-100%', 'int', { percent: 'fraction' }, '-1'],
    ['1250%', 'int', { percent: 'fraction' }, 'LOSS'],
    ['5%', 'int', { percent: 'fraction' }, 'LOSS'],
    ['1200.0%', 'int', { percent: 'fraction' }, 'LOSS'],
    ['%', 'int', { percent: 'fraction' }, 'SYNTAX'],
    ['1250%', 'int', { percent: 'number' }, '1250'],
    ['٣', 'int', { thousands: ',' }, 'SYNTAX'],
    ['−5', 'int', { thousands: ',' }, 'SYNTAX'],
  ] as const)('%s as %s by %o is %s', (text, type, style, expected) => {
    expect(cast(text, type, style)).toBe(expected);
  });

  it('round and truncate a hundredth as any other fraction', () => {
    expect(cast('50%', 'int', { percent: 'fraction' }, 'round')).toBe('1');
    expect(cast('49%', 'int', { percent: 'fraction' }, 'round')).toBe('0');
    expect(cast('-150%', 'int', { percent: 'fraction' }, 'round')).toBe('-2');
    expect(cast('199.9%', 'int', { percent: 'fraction' }, 'truncate')).toBe('1');
    expect(cast('5%', 'int', { percent: 'fraction' }, 'null')).toBe('null');
  });

  it('numbers longer than any buffer are read whole', () => {
    const zeroes = '0'.repeat(20_000);
    expect(cast(`${zeroes}12,5`, 'decimal(9,1)', { decimal: ',' })).toBe('125');
    expect(cast(`1${zeroes}e-20000`, 'double', { thousands: ',' })).toBe(bitsOf(1));
    expect(cast(`0,${zeroes}1e20001`, 'double', { decimal: ',' })).toBe(bitsOf(1));
    expect(cast(`1${',000'.repeat(10_000)}`, 'decimal(9,1)', { thousands: ',' })).toBe('RANGE');
    expect(cast('0e99999999999', 'double', { decimal: ',' })).toBe(bitsOf(0));
    expect(cast('1e99999999999', 'double', { decimal: ',' })).toBe('RANGE');
    expect(cast('1e-99999999999%', 'double', { percent: 'fraction' })).toBe(bitsOf(0));
  });

  it('the null spellings are compared as the cell stands, before its style', () => {
    const fields = [fieldOf(0, 'decimal(9,2)', { style: styleOf({ ...EURO, percent: 'number' }) })];
    const plan = planOf({ width: 1, delimiter: 59, fields, nullValues: ['', '-', 'n/a %'] });
    const { rows, rejects } = driver.run(Buffer.from('-\nn/a %\n\n5 %\n"-"\n'), plan);
    expect(rows.flat()).toEqual([null, null, null, 500n]);
    expect(rejects.map(({ line, code }) => [line, code])).toEqual([[4, 'ATLAS_CAST_SYNTAX']]);
  });

  it('a reject says which style was expected', () => {
    const reasonOf = (style: Partial<NumberStyle>): string | undefined => {
      const fields = [fieldOf(0, 'decimal(9,2)', { style: styleOf(style) })];
      return driver.run(Buffer.from('x\n'), planOf({ width: 1, fields })).reasons[0];
    };
    expect(reasonOf({ decimal: ',' })).toBe('not written as decimal(9,2) with decimal separator ","');
    expect(reasonOf({ ...COMMA, thousands: '\u202f', percent: 'number', currency: '€' })).toBe(
      'not written as decimal(9,2) with decimal separator ",", thousands separator U+202F, a percent sign, currency "€"',
    );
  });

  it('a column with a style beside one without, of the same field', () => {
    const fields = [
      fieldOf(0, 'string'),
      fieldOf(0, 'decimal(9,2)', { style: styleOf({ decimal: ',' }) }),
      fieldOf(1, 'double'),
    ];
    const plan = planOf({ width: 2, delimiter: 59, fields });
    const { rows, rejects } = driver.run(Buffer.from('1,5;1.5\n1.5;1.5\n;\n'), plan);
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ['1,5', 150n],
      [null, null],
    ]);
    expect(rejects.map(({ field }) => field)).toEqual([1]);
  });
});

const BLANKS = ['', '', '', ' ', '  ', '\u00a0', '\u2009', '\u202f'];

/** Numbers written in a style, by somebody careless. */
function written(style: NumberStyle, plain: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const blank = fc.constantFrom(...BLANKS);
  const currency = fc.constantFrom('', '', style.currency ?? '', style.currency ?? '', '€', '$');
  const group = fc.constantFrom(0, 0, 3, 3, 3, 2, 4);
  const separator = fc.constantFrom(style.thousands ?? '', style.thousands ?? '', ',', '.', ' ');
  const point = fc.constantFrom(style.decimal, style.decimal, style.decimal, '.', ',');
  const percent = fc.constantFrom(...(style.percent === null ? ['', '', '', '%'] : ['%', '%', '%', '', '%%']));
  return fc
    .tuple(plain, blank, blank, blank, currency, currency, group, separator, point, percent, fc.nat(9))
    .map(([number, a, b, c, front, back, size, sep, dot, sign, order]) => {
      const [, plus = '', whole = '', rest = ''] = /^([+-]?)(\d*)(.*)$/s.exec(number) ?? [];
      const grouped = size === 0 ? whole : whole.replace(new RegExp(`\\B(?=(?:\\d{${size}})+$)`, 'g'), () => sep);
      const spelled = `${grouped}${rest.replace('.', () => dot)}`;
      const signed = order < 6 ? `${plus}${front}${a}${spelled}` : `${front}${a}${plus}${spelled}`;
      return Buffer.from(`${signed}${b}${sign}${c}${order % 3 === 0 ? back : ''}`).toString('latin1');
    })
    .filter((text) => !/[;"\r\n]/.test(text));
}

const styles: fc.Arbitrary<NumberStyle> = fc
  .record({
    decimal: fc.constantFrom(...DECIMAL_SEPARATORS),
    thousands: fc.option(fc.constantFrom(...THOUSANDS_SEPARATORS)),
    percent: fc.constantFrom('fraction' as const, 'number' as const, null, null),
    currency: fc.constantFrom(null, null, '€', '$', 'EUR', 'E', 'kr', '_', '₹€₹€₹€₹€'),
  })
  .filter(({ decimal, thousands }) => decimal !== thousands);

describe('number styles of the kernel and its twin', () => {
  it.each([
    ['bigint', integerText],
    ['tinyint', integerText],
    ['uint16', integerText],
    ['double', floatText],
    ['real', floatText],
    ['decimal(9,2)', decimalText],
    ['decimal(38,10)', decimalText],
  ])('%s', (type, plain) => {
    const numbers = fc.oneof(plain, fc.integer({ min: -2_000_000, max: 2_000_000 }).map(String), decimalText);
    const cases = styles.chain((style) =>
      fc.record({
        style: fc.constant(style),
        texts: fc.array(written(style, numbers), { maxLength: 40 }),
        onLoss: type === 'double' || type === 'real' ? fc.constant('reject' as const) : fc.constantFrom(...LOSSES),
      }),
    );
    fc.assert(
      fc.property(cases, ({ style, texts, onLoss }) => compare(texts, rulesOf(type, { style, onLoss }))),
      { numRuns: 250 },
    );
  });

  it('every byte in every place', () => {
    const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).filter((c) => !'";\r\n'.includes(c));
    const places = (text: string) => {
      const latin = Buffer.from(text).toString('latin1');
      return Array.from(latin, (_, i) => bytes.map((c) => `${latin.slice(0, i)}${c}${latin.slice(i + 1)}`)).flat();
    };
    compare(places('-€ 1.234,50'), rulesOf('decimal(9,2)', { style: styleOf(EURO), onLoss: 'null' }));
    compare(
      places('1\u202f234,5 %'),
      rulesOf('double', { style: styleOf({ ...COMMA, thousands: '\u202f', percent: 'fraction' }) }),
    );
    compare(places("12'345'678 kr"), rulesOf('bigint', { style: styleOf({ thousands: "'", currency: 'kr' }) }));
  });
});
