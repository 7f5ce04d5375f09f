import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';
import { twinParse } from './csv-twin.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

const tsv = (more: Partial<ParserPlan> = {}): ParserPlan =>
  planOf({ delimiter: 9, quote: null, escape: 92, bareEscapes: true, nullValues: ['\\N'], ...more });

/** One field of a type through the kernel, between two others: its value, or the code of its reject. */
function cast(text: string, type = 'string', more: Partial<ParserPlan> = {}): unknown {
  const plan = tsv({ fields: [fieldOf(0, 'string'), fieldOf(1, type), fieldOf(2, 'string')], ...more });
  const { rows, rejects } = driver.run(Buffer.from(`a\t${text}\tz\n`, 'latin1'), plan);
  if (rejects[0] !== undefined) return rejects[0].code;
  expect([rows[0]?.[0], rows[0]?.[2]]).toEqual(['a', 'z']);
  return rows[0]?.[1];
}

describe('backslash escapes without quotes', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['\\t', '\t'],
    ['\\n', '\n'],
    ['\\r\\n', '\r\n'],
    ['\\b\\f\\v', '\b\f\v'],
    ['\\0', '\0'],
    ['\\08', '\x008'],
    ['\\07', 'ATLAS_CSV_ESCAPE'],
    ['\\0\\0', '\0\0'],
    ['\\\\', '\\'],
    ['\\\\N', '\\N'],
    ['\\\\t', '\\t'],
    ['\\\\\\t', '\\\t'],
    ['a\\\tb', 'a\tb'],
    ['a\\\nb', 'a\nb'],
    ['a\\\\\\\tb', 'a\\\tb'],
    ["\\'", "'"],
    ['\\"', '"'],
    ['"', '"'],
    ['"a\\tb"', '"a\tb"'],
    ['\\N', null],
    ['x\\N', 'ATLAS_CSV_ESCAPE'],
    ['\\Nx', 'ATLAS_CSV_ESCAPE'],
    ['\\n\\N', 'ATLAS_CSV_ESCAPE'],
    ['\\x41', 'ATLAS_CSV_ESCAPE'],
    ['\\101', 'ATLAS_CSV_ESCAPE'],
    ['\\1', 'ATLAS_CSV_ESCAPE'],
    ['\\9', 'ATLAS_CSV_ESCAPE'],
    ['\\a', 'ATLAS_CSV_ESCAPE'],
    ['\\e', 'ATLAS_CSV_ESCAPE'],
    ['\\Z', 'ATLAS_CSV_ESCAPE'],
    ['\\T', 'ATLAS_CSV_ESCAPE'],
    ['\\u0041', 'ATLAS_CSV_ESCAPE'],
    ['\\.', 'ATLAS_CSV_ESCAPE'],
    ['\\,', 'ATLAS_CSV_ESCAPE'],
    ['\\ ', 'ATLAS_CSV_ESCAPE'],
    ['\\\xc3\xa9', 'ATLAS_CSV_ESCAPE'],
    ['C:\\temp\\new', 'C:\temp\new'],
    ['C:\\Users', 'ATLAS_CSV_ESCAPE'],
    [`${'x'.repeat(100)}\\t${'y'.repeat(100)}\\\\`, `${'x'.repeat(100)}\t${'y'.repeat(100)}\\`],
    ['\xc3\\t\xa9', 'ATLAS_CSV_UTF8'],
    ['\xc3\xa9\\t', '\xc3\xa9\t'],
  ])('%j reads %j', (text, expected) => {
    expect(cast(text)).toBe(expected);
  });

  it('decode before every other type too', () => {
    expect(cast('1\\2', 'int')).toBe('ATLAS_CSV_ESCAPE');
    expect(cast('12\\n', 'int')).toBe('ATLAS_CAST_SYNTAX');
    expect(cast('{"a":\\t"\\\\n"}', 'json')).toBe('{"a":\t"\\n"}');
    expect(cast('{\\\\}', 'json')).toBe('ATLAS_CAST_SYNTAX');
    expect(cast('\xff\\0', 'binary')).toBe('\xff\0');
    expect(cast('\\N', 'int')).toBe(null);
    expect(cast('\\x', 'int')).toBe('ATLAS_CSV_ESCAPE');
    expect(cast('\\"x\\"', 'boolean', { trueValues: ['"x"'] })).toBe(true);
    expect(cast('x\\', 'boolean')).toBe('ATLAS_CSV_TOO_FEW_FIELDS');
    expect(cast('', 'int')).toBe('ATLAS_CAST_SYNTAX');
    expect(cast('2024-01-01\\ 00:00', 'timestamp(s)')).toBe('ATLAS_CSV_ESCAPE');
    expect(cast("12\\'5", 'date')).toBe('ATLAS_CAST_SYNTAX');
  });

  it('a number beyond the fast paths is read from what was decoded', () => {
    const style = { decimal: '.', thousands: "'", percent: null, currency: null } as const;
    const fields = [fieldOf(0, 'double', { style }), fieldOf(1, 'string'), fieldOf(2, 'double')];
    const digits = '1234567890123456789012345';
    const { rows, rejects } = driver.run(Buffer.from(`1\\'000\t\\t\t${digits}\n`), tsv({ fields }));
    const bits = (value: number): bigint => new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
    expect(rejects).toEqual([]);
    expect(rows).toEqual([[bits(1000), '\t', bits(Number(digits))]]);
  });

  it('\\N that is not among the null values is no text', () => {
    expect(cast('\\N', 'string', { nullValues: [''] })).toBe('ATLAS_CSV_ESCAPE');
    expect(cast('', 'string', { nullValues: [''] })).toBe(null);
    expect(cast('', 'string', { nullValues: ['\\N'] })).toBe('');
    expect(cast('NULL', 'string', { nullValues: ['NULL'] })).toBe(null);
    expect(cast('\\\\N', 'string', { nullValues: ['\\N'] })).toBe('\\N');
  });

  it('are not looked for where the plan has none', () => {
    expect(cast('a\\tb', 'string', { bareEscapes: false })).toBe('a\\tb');
    expect(cast('\\N', 'string', { bareEscapes: false })).toBe(null);
  });

  it('a delimiter or line end after a backslash is text, and the whole of a line end', () => {
    const fields = [fieldOf(0, 'string'), fieldOf(1, 'int')];
    const rows = (text: string, more: Partial<ParserPlan> = {}): readonly (readonly unknown[])[] =>
      driver.run(Buffer.from(text), tsv({ width: 2, fields, ...more })).rows;
    expect(rows('a\\\tb\t1\nc\t2\n')).toEqual([
      ['a\tb', 1n],
      ['c', 2n],
    ]);
    expect(rows('a\\,b,1\n', { delimiter: 44 })).toEqual([['a,b', 1n]]);
    expect(rows('a\\\nb\t1\n')).toEqual([['a\nb', 1n]]);
    expect(rows('a\\\\\t1\n')).toEqual([['a\\', 1n]]);
    expect(rows('a\\\x1eb\t1\x1ec\t2\x1e', { newline: 0x1e })).toEqual([
      ['a\x1eb', 1n],
      ['c', 2n],
    ]);
  });

  it('a delimiter that is the letter of an escape is refused: it would mean both', () => {
    for (const letter of 'btnvfr0N') {
      const byte = letter.charCodeAt(0);
      expect(() => driver.parser.configure(tsv({ delimiter: byte }))).toThrow(/means something after a backslash/);
      expect(() => driver.parser.configure(tsv({ newline: byte }))).toThrow(/means something after a backslash/);
      expect(() => driver.parser.configure(tsv({ delimiter: byte, bareEscapes: false }))).not.toThrow();
    }
  });

  it('the reason is an escape', () => {
    const { reasons } = driver.run(Buffer.from('a\t\\q\tz\n'), tsv());
    expect(reasons).toEqual(['a backslash escape that means nothing, or is not finished']);
  });

  it('agree with the twin in any order, in columns of any type', () => {
    const piece = fc.constantFrom(
      ...['a', 'bc', '\\', '\\', '\\\\', '\\t', '\\n', '\\0', '0', '7', '9', '\\N', 'N', "'", '"', '\t', '\t', '\n'],
      ...['1', '-2', 'x'.repeat(15), 'y'.repeat(40), '\xc3\xa9', '\xff', 'true', ' ', '\\b\\f\\v\\r', '{}'],
    );
    const types = ['string', 'binary', 'int', 'json', 'boolean', 'decimal(9,2)', 'double'];
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 80 }),
        fc.tuple(fc.constantFrom(...types), fc.constantFrom(...types), fc.boolean()),
        fc.constantFrom([''], ['\\N'], ['\\N', ''], ['a', '\\\\']),
        (parts, [first, second, nullable], nullValues) => {
          const fields = [fieldOf(0, first, { nullable }), fieldOf(1, second), fieldOf(1, 'string')];
          const plan = tsv({ width: 2, fields, nullValues });
          const input = Buffer.from(parts.join(''), 'latin1');
          const spans = twinParse(input, plan);
          const result = driver.run(input, plan, [1 << 20]);
          expect(result.rejects).toEqual(spans.filter(({ kind }) => kind === 'reject'));
          expect(result.rows).toEqual(spans.flatMap((span) => (span.kind === 'row' ? [span.values] : [])));
          const cut = driver.run(input, plan, [1, 7, 30]);
          expect([cut.rows, cut.rejects]).toEqual([result.rows, result.rejects]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
