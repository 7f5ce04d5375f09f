import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser({ maxRowBytes: 1 << 16 });
});

interface Case {
  readonly name: string;
  readonly input: string;
  readonly plan?: Partial<ParserPlan>;
  readonly rows: readonly (readonly (string | null)[])[];
  /** Code without its prefix, the rejected text, line. */
  readonly rejects?: readonly (readonly [code: string, text: string, line: number])[];
  readonly blank?: number;
}

const two = { width: 2, fields: [fieldOf(0, 'string'), fieldOf(1, 'string')] };

const cases: readonly Case[] = [
  {
    name: 'a missing final newline',
    input: 'a,b\nc,d',
    rows: [
      ['a', 'b'],
      ['c', 'd'],
    ],
  },
  { name: 'an empty last field at the end', input: 'a,', rows: [['a', null]] },
  { name: 'a quoted empty field is text', input: '"",b\n', rows: [['', 'b']] },
  {
    name: 'CRLF and LF mixed',
    input: 'a,b\r\nc,d\n',
    rows: [
      ['a', 'b'],
      ['c', 'd'],
    ],
  },
  { name: 'newlines inside quotes', input: '"a\r\nb\nc\rd",e\n', rows: [['a\r\nb\nc\rd', 'e']] },
  { name: 'doubled quotes', input: '"a""b""""",c\n', rows: [['a"b""', 'c']] },
  {
    name: 'blank lines',
    input: '\n\r\na,b\n\n\nc,d\n\n',
    rows: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    blank: 6,
  },
  {
    name: 'a line of spaces is no blank line',
    input: '  \na,b\n',
    rows: [['a', 'b']],
    rejects: [['CSV_TOO_FEW_FIELDS', '  \n', 0]],
  },
  {
    name: 'blank lines of one column are rows',
    input: 'a\n\n""\n',
    plan: { width: 1, fields: [fieldOf(0, 'string')] },
    rows: [['a'], [null], ['']],
  },
  {
    name: 'too few and too many fields',
    input: 'a\nb,c\nd,e,\nf,g\n',
    rows: [
      ['b', 'c'],
      ['f', 'g'],
    ],
    rejects: [
      ['CSV_TOO_FEW_FIELDS', 'a\n', 0],
      ['CSV_TOO_MANY_FIELDS', 'd,e,\n', 2],
    ],
  },
  {
    name: 'text after a closing quote',
    input: '"a"x,b\nc,d\n',
    rows: [['c', 'd']],
    rejects: [['CSV_QUOTE_TRAILING', '"a"x,b\n', 0]],
  },
  {
    name: 'text after a closing quote, lines later',
    input: '"a\nb"x,c\nd,e\n',
    rows: [['d', 'e']],
    rejects: [['CSV_QUOTE_TRAILING', '"a\nb"x,c\n', 0]],
  },
  {
    name: 'a space after a closing quote',
    input: '"a" ,b\nc,d\n',
    rows: [['c', 'd']],
    rejects: [['CSV_QUOTE_TRAILING', '"a" ,b\n', 0]],
  },
  {
    name: 'a quote inside an unquoted field',
    input: 'a"b",c\nd,e\n',
    rows: [['d', 'e']],
    rejects: [['CSV_QUOTE_STRAY', 'a"b",c\n', 0]],
  },
  {
    name: 'an unclosed quote costs its first line only',
    input: 'a,"b\nc,d\ne,f\n',
    rows: [
      ['c', 'd'],
      ['e', 'f'],
    ],
    rejects: [['CSV_QUOTE_UNCLOSED', 'a,"b\n', 0]],
  },
  {
    name: 'an unclosed quote on the last line',
    input: 'a,b\nc,"d',
    rows: [['a', 'b']],
    rejects: [['CSV_QUOTE_UNCLOSED', 'c,"d', 1]],
  },
  {
    name: 'an unclosed quote that swallows up to max_row_bytes',
    input: `a,"b\n${'c,d\n'.repeat(40)}`,
    plan: { maxRowBytes: 64 },
    rows: Array.from({ length: 40 }, () => ['c', 'd']),
    rejects: [['CSV_QUOTE_UNCLOSED', 'a,"b\n', 0]],
  },
  {
    name: 'a quote closed just inside max_row_bytes',
    input: `"${'x'.repeat(60)}",\nc,d\n`,
    plan: { maxRowBytes: 63 },
    rows: [
      ['x'.repeat(60), null],
      ['c', 'd'],
    ],
  },
  {
    name: 'a quote closed at max_row_bytes',
    input: `"${'x'.repeat(62)}",\nc,d\n`,
    plan: { maxRowBytes: 63 },
    rows: [['c', 'd']],
    rejects: [['CSV_QUOTE_UNCLOSED', `"${'x'.repeat(62)}",\n`, 0]],
  },
  {
    name: 'a row as long as may be',
    input: `${'x'.repeat(62)},y\nc,d\n`,
    plan: { maxRowBytes: 64 },
    rows: [
      ['x'.repeat(62), 'y'],
      ['c', 'd'],
    ],
  },
  {
    name: 'a row one byte too long',
    input: `${'x'.repeat(63)},y\nc,d\n`,
    plan: { maxRowBytes: 64 },
    rows: [['c', 'd']],
    rejects: [['CSV_ROW_TOO_LONG', `${'x'.repeat(63)},y\n`, 0]],
  },
  {
    name: 'a row as long as may be, CRLF',
    input: `${'x'.repeat(62)},y\r\nc,d\r\n`,
    plan: { maxRowBytes: 64 },
    rows: [
      ['x'.repeat(62), 'y'],
      ['c', 'd'],
    ],
  },
  {
    name: 'a row far too long',
    input: `${'x'.repeat(300_000)}\nc,d\n`,
    plan: { maxRowBytes: 64 },
    rows: [['c', 'd']],
    rejects: [['CSV_ROW_TOO_LONG', `${'x'.repeat(300_000)}\n`, 0]],
  },
  {
    name: 'a row far too long at the end',
    input: `c,d\n${'x'.repeat(300_000)}`,
    plan: { maxRowBytes: 64 },
    rows: [['c', 'd']],
    rejects: [['CSV_ROW_TOO_LONG', 'x'.repeat(300_000), 1]],
  },
  { name: 'a CR alone', input: 'a\rb,c\nd,e\n', rows: [['d', 'e']], rejects: [['CSV_STRAY_CR', 'a\rb,c\n', 0]] },
  { name: 'a CR at the end', input: 'a,b\nc,d\r', rows: [['a', 'b']], rejects: [['CSV_STRAY_CR', 'c,d\r', 1]] },
  {
    name: 'two CR before an LF',
    input: 'a,b\r\r\nc,d\n',
    rows: [['c', 'd']],
    rejects: [['CSV_STRAY_CR', 'a,b\r\r\n', 0]],
  },
  {
    name: 'a CR after a closing quote',
    input: '"a"\r,b\nc,d\n',
    rows: [['c', 'd']],
    rejects: [['CSV_QUOTE_TRAILING', '"a"\r,b\n', 0]],
  },
  {
    name: 'lines that end in CR',
    input: 'a,b\rc,"d\re"\r\r',
    plan: { newline: 'cr' },
    rows: [
      ['a', 'b'],
      ['c', 'd\re'],
    ],
    blank: 1,
  },
  {
    name: 'CR and CRLF mixed',
    input: 'a,b\r\nc,d\re,f\r\n',
    plan: { newline: 'cr' },
    rows: [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ],
  },
  {
    name: 'an LF alone among CR',
    input: 'a\nb,c\rd,e\r',
    plan: { newline: 'cr' },
    rows: [['d', 'e']],
    rejects: [['CSV_STRAY_CR', 'a\nb,c\r', 0]],
  },
  {
    name: 'backslash escapes',
    input: '"a\\"b\\\\",c\n"\\n\\,",d\n',
    plan: { escape: 92 },
    rows: [
      ['a"b\\', 'c'],
      ['\\n\\,', 'd'],
    ],
  },
  {
    name: 'doubled quotes where a backslash escapes',
    input: '"a""b",c\nd,e\n',
    plan: { escape: 92 },
    rows: [['d', 'e']],
    rejects: [['CSV_QUOTE_TRAILING', '"a""b",c\n', 0]],
  },
  { name: 'a backslash outside quotes is text', input: 'a\\,b\\\\\n', plan: { escape: 92 }, rows: [['a\\', 'b\\\\']] },
  {
    name: 'no quoting at all',
    input: '"a,b"\n"x""y",z\n',
    plan: { quote: null },
    rows: [
      ['"a', 'b"'],
      ['"x""y"', 'z'],
    ],
  },
  {
    name: 'not UTF-8',
    input: 'a,\xff\nb,\xc3\xa9\nc,\xe2\x82\nd,\xed\xa0\x80\ne,\xf4\x90\x80\x80\nf,\xc0\x80\ng,h\n',
    rows: [
      ['b', '\xc3\xa9'],
      ['g', 'h'],
    ],
    rejects: [
      ['CSV_UTF8', 'a,\xff\n', 0],
      ['CSV_UTF8', 'c,\xe2\x82\n', 2],
      ['CSV_UTF8', 'd,\xed\xa0\x80\n', 3],
      ['CSV_UTF8', 'e,\xf4\x90\x80\x80\n', 4],
      ['CSV_UTF8', 'f,\xc0\x80\n', 5],
    ],
  },
  {
    name: 'a character cut by a delimiter',
    input: '\xc3,\xa9\na,b\n',
    rows: [['a', 'b']],
    rejects: [['CSV_UTF8', '\xc3,\xa9\n', 0]],
  },
  { name: 'not UTF-8 where nobody looks', input: 'a,\xff\n', plan: { fields: [fieldOf(0, 'string')] }, rows: [['a']] },
  { name: 'NUL bytes', input: 'a\0,\0b\n', rows: [['a\0', '\0b']] },
  {
    name: 'null where null may not be',
    input: ',b\na,\n"",b\n',
    plan: { fields: [fieldOf(0, 'string', { nullable: false }), fieldOf(1, 'string')] },
    rows: [
      ['a', null],
      ['', 'b'],
    ],
    rejects: [['CSV_NULL', ',b\n', 0]],
  },
  {
    name: 'null spellings',
    input: 'NULL,NA\n"NULL",\n',
    plan: { nullValues: ['NULL', 'NA'] },
    rows: [
      [null, null],
      ['NULL', ''],
    ],
  },
  {
    name: 'quoted null spellings',
    input: '"NULL","a"\n"","x"\n',
    plan: { nullValues: ['NULL', ''], quotedNulls: true },
    rows: [
      [null, 'a'],
      [null, 'x'],
    ],
  },
];

describe('rules of records', () => {
  it.each(cases)('$name', ({ input, plan, rows, rejects = [], blank = 0 }) => {
    const bytes = Buffer.from(input, 'latin1');
    for (const chunks of [[1 << 20], [1], [7, 64, 3], [65, 1]]) {
      // A window of one byte more at a time would take long over a long row, and say nothing new.
      if (bytes.length > 10_000 && chunks[0] !== 1 << 20) continue;
      const result = driver.run(bytes, planOf({ ...two, ...plan }), chunks);
      expect(result.rows).toEqual(rows);
      const seen = result.rejects.map((reject) => [
        reject.code.replace('ATLAS_', ''),
        input.slice(reject.offset, reject.offset + reject.length),
        reject.line,
      ]);
      expect(seen).toEqual(rejects);
      expect(result.blankBytes).toBe(blank);
    }
  });

  it('agrees with TextDecoder on what is UTF-8', () => {
    const bytes = fc.constantFrom(
      0x00,
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc1,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xee,
      0xef,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    );
    const good = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .map((text) => [...Buffer.from(text.replaceAll(/[",\r\n]/g, '.'))]);
    const part = fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: fc.array(bytes, { maxLength: 4 }) });
    const cell = fc.array(part, { maxLength: 4 }).map((parts) => Buffer.from(parts.flat()));
    const isText = (buffer: Buffer) => {
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer) !== null;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), (cells) => {
        const input = Buffer.concat(cells.flatMap((text) => [text, Buffer.from(',x\n')]));
        const { rows } = driver.run(input, planOf({ ...two, nullValues: [] }));
        expect(rows.map((row) => row[0])).toEqual(cells.filter(isText).map((text) => text.toString('latin1')));
      }),
      { numRuns: 500 },
    );
  });

  it('says both numbers, and never a value', () => {
    const plan = planOf({ ...two, fields: [fieldOf(0, 'int'), fieldOf(1, 'date')] });
    const input = 'secret\nsecret,2024-01-01\n1,2024-02-30\n1,2,3\n99999999999999999999,2024-01-01\n';
    const { reasons, rejects } = driver.run(Buffer.from(input), plan);
    expect(reasons).toEqual([
      '1 fields, 2 expected',
      'not written as int64',
      'no such date or time',
      '3 fields, 2 expected',
      'outside the range of int64',
    ]);
    expect(rejects.map((reject) => reject.field)).toEqual([null, 0, 1, null, 0]);
  });

  it('blames the first bad column of the record, whatever the order of features', () => {
    const fields = [fieldOf(2, 'int'), fieldOf(1, 'double'), fieldOf(0, 'json'), fieldOf(1, 'boolean')];
    const run = (input: string) =>
      driver.run(Buffer.from(input), planOf({ fields })).rejects.map((reject) => reject.field);
    expect(run('{,x,x\n')).toEqual([2]);
    expect(run('{},x,x\n')).toEqual([1]);
    expect(run('{},5,x\n')).toEqual([3]);
    expect(run('{},1,x\n')).toEqual([0]);
  });
});
