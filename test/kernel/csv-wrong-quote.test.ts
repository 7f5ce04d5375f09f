import { beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';

// Which quote was the wrong one, and how far the damage reaches.

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

interface Case {
  readonly name: string;
  readonly input: string;
  readonly plan?: Partial<ParserPlan>;
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rejects: readonly (readonly [code: string, text: string])[];
}

const cases: readonly Case[] = [
  {
    name: 'the closing quote is missing; the next quoted row shows it, and those between are read',
    input: 'a,"b\nc,d\n"e","f"\ng,h\n',
    rows: [
      ['c', 'd'],
      ['e', 'f'],
      ['g', 'h'],
    ],
    rejects: [['QUOTE_UNCLOSED', 'a,"b\n']],
  },
  {
    name: 'the closing quote is doubled',
    input: '"a","b""\n"c","d"\n',
    rows: [['c', 'd']],
    rejects: [['QUOTE_UNCLOSED', '"a","b""\n']],
  },
  {
    name: 'the row that shows it begins with an escaped quote, and goes on over lines',
    input: 'a,"b\n"""c","d\ne"\nf,g\n',
    rows: [
      ['"c', 'd\ne'],
      ['f', 'g'],
    ],
    rejects: [['QUOTE_UNCLOSED', 'a,"b\n']],
  },
  {
    name: 'the row that shows it holds the delimiter',
    input: 'a,"b\n",c","d"\ne,f\n',
    rows: [
      [',c', 'd'],
      ['e', 'f'],
    ],
    rejects: [['QUOTE_UNCLOSED', 'a,"b\n']],
  },
  {
    name: 'never closed, after a field of several lines: all of its lines go, none is read',
    input: '"a\nx,y\nb","c\nd,e\n',
    rows: [['d', 'e']],
    rejects: [['QUOTE_UNCLOSED', '"a\nx,y\nb","c\n']],
  },
  {
    name: 'text after a quote inside a field of several lines is no row, whatever it looks like',
    input: 'a,"She wrote:\nx,y\n"Dear Sir", and left"\nb,c\n',
    rows: [['b', 'c']],
    rejects: [['QUOTE_TRAILING', 'a,"She wrote:\nx,y\n"Dear Sir", and left"\n']],
  },
  {
    name: 'a field that is not doubled goes on after its line, if the row is whole then',
    input: 'a,"He said "no"\nx,y\nand left"\nb,c\n',
    rows: [['b', 'c']],
    rejects: [['QUOTE_TRAILING', 'a,"He said "no"\nx,y\nand left"\n']],
  },
  {
    name: 'and over further such quotes',
    input: 'a,"He said "no"\nx,y\nand "yes" too\n"\nb,c\n',
    rows: [['b', 'c']],
    rejects: [['QUOTE_TRAILING', 'a,"He said "no"\nx,y\nand "yes" too\n"\n']],
  },
  {
    name: 'it does not where the row would not be whole: two rows are damaged',
    input: '"a"b,c\nd,e\nf,g,h"\n',
    rows: [['d', 'e']],
    rejects: [
      ['QUOTE_TRAILING', '"a"b,c\n'],
      ['QUOTE_STRAY', 'f,g,h"\n'],
    ],
  },
  {
    name: 'nor where the next quote opens a field',
    input: '"a"b,c\nd,e\n"f","g\nh"\n',
    rows: [
      ['d', 'e'],
      ['f', 'g\nh'],
    ],
    rejects: [['QUOTE_TRAILING', '"a"b,c\n']],
  },
  {
    name: 'a stray quote before a field of several lines takes all of it',
    input: '5" pipe,"long\nx,y\ntext"\nb,c\n',
    rows: [['b', 'c']],
    rejects: [['QUOTE_STRAY', '5" pipe,"long\nx,y\ntext"\n']],
  },
  {
    name: 'a stray quote before a quote that is never closed takes its line',
    input: '5" pipe,"long\nx,y\nb,c\n',
    rows: [
      ['x', 'y'],
      ['b', 'c'],
    ],
    rejects: [['QUOTE_STRAY', '5" pipe,"long\n']],
  },
  {
    name: 'backslash escapes',
    input: 'a,"b\\"\nc,d\n"e","f"\n',
    plan: { escape: 92 },
    rows: [
      ['c', 'd'],
      ['e', 'f'],
    ],
    rejects: [['QUOTE_UNCLOSED', 'a,"b\\"\n']],
  },
  {
    name: 'one column',
    input: '"a\n"b"\nc\n',
    plan: { width: 1, fields: [fieldOf(0, 'string')] },
    rows: [['b'], ['c']],
    rejects: [['QUOTE_UNCLOSED', '"a\n']],
  },
  {
    name: 'beyond max_row_bytes nothing is looked for',
    input: `a,"b\n${'c,d\n'.repeat(30)}"e","f"\n`,
    plan: { maxRowBytes: 64 },
    rows: [...Array.from({ length: 30 }, () => ['c', 'd']), ['e', 'f']],
    rejects: [['QUOTE_UNCLOSED', 'a,"b\n']],
  },
];

describe('the wrong quote', () => {
  it.each(cases)('$name', ({ input, plan, rows, rejects }) => {
    const two = { width: 2, fields: [fieldOf(0, 'string'), fieldOf(1, 'string')] };
    for (const chunks of [[1 << 20], [1], [7, 64, 3], [65, 1]]) {
      const result = driver.run(Buffer.from(input), planOf({ ...two, ...plan }), chunks);
      const seen = result.rejects.map(({ code, offset, length }) => [
        code.replace('ATLAS_CSV_', ''),
        input.slice(offset, offset + length),
      ]);
      expect([result.rows, seen]).toEqual([rows, rejects]);
    }
  });

  it('stays linear where every row is damaged, in any way', { timeout: 60_000 }, () => {
    const plan = planOf({ width: 2, fields: [fieldOf(0, 'string')], maxRowBytes: 4096 });
    for (const line of [
      '"a"b,c\n',
      '""b,c\n',
      '"a\n',
      'a"b,"c\n',
      '",x,",z\n',
      '"a,""\n',
      'a,"b\n"c",d\n',
      '"" ""x,"y\n',
    ]) {
      const input = Buffer.from(line.repeat(Math.ceil(400_000 / line.length)));
      const result = driver.run(input, plan, [9000]);
      expect(result.rowBytes + result.rejectBytes).toBe(input.length);
    }
  });
});
