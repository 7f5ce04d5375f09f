import { beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

interface Case {
  readonly name: string;
  readonly input: string;
  readonly plan: Partial<ParserPlan>;
  readonly rows: readonly (readonly (string | null)[])[];
  /** Code without its prefix, the rejected text. */
  readonly rejects?: readonly (readonly [code: string, text: string])[];
  readonly blank?: number;
  readonly comment?: number;
  readonly header?: number;
  readonly reasons?: readonly string[];
}

const MARK = '\xef\xbb\xbf';
const HEADER = { bytes: Buffer.from('"a",b'), skip: false };
const tsv = { delimiter: 9, quote: null, escape: 92, bareEscapes: true } as const;

const cases: readonly Case[] = [
  {
    name: 'the ASCII separators: line ends are text',
    input: 'a\x1fb\nc\x1ed\r\n\x1f"e\x1e\r"\x1e\x1e',
    plan: { delimiter: 0x1f, newline: 0x1e },
    rows: [
      ['a', 'b\nc'],
      ['d\r\n', 'e\x1e\r'],
    ],
    blank: 1,
  },
  {
    name: 'a row delimiter ends the physical line of a damaged row, not a line feed',
    input: '"a"x,b\nc;d,e;',
    plan: { newline: 0x3b },
    rows: [['d', 'e']],
    rejects: [['CSV_QUOTE_TRAILING', '"a"x,b\nc;']],
  },
  {
    name: 'comments, quotes in them, blanks before them',
    input: '# it\'s "so\na,b\n#\n #,c\n"#",d\n"e\n#f",g\n#end',
    plan: { comment: 35 },
    rows: [
      ['a', 'b'],
      [' #', 'c'],
      ['#', 'd'],
      ['e\n#f', 'g'],
    ],
    comment: 17,
  },
  {
    name: 'blanks before a comment make it a row, even where they are trimmed',
    input: ' #x,y\n#z\n',
    plan: { comment: 35, trim: true },
    rows: [['#x', 'y']],
    comment: 3,
  },
  {
    name: 'a comment of one column, far longer than a row may be',
    input: `#${'x'.repeat(5000)}\na\n`,
    plan: { comment: 35, width: 1, fields: [fieldOf(0, 'string')], maxRowBytes: 64 },
    rows: [['a']],
    comment: 5002,
  },
  {
    name: 'a comment after an unclosed quote',
    input: 'a,"b\n#c\nd,e\n',
    plan: { comment: 35 },
    rows: [['d', 'e']],
    rejects: [['CSV_QUOTE_UNCLOSED', 'a,"b\n']],
    comment: 3,
  },
  {
    name: 'trailing delimiters',
    input: 'a,b,\n"c","d",\r\ne,f\ng,\nh,i,j\nk,l,,\nm\n,,\n\n"n",o,""\np,q,',
    plan: { trailingDelimiter: true },
    rows: [
      ['a', 'b'],
      ['c', 'd'],
      [null, null],
      ['p', 'q'],
    ],
    rejects: [
      ['CSV_TOO_FEW_FIELDS', 'e,f\n'],
      ['CSV_TOO_FEW_FIELDS', 'g,\n'],
      ['CSV_TOO_MANY_FIELDS', 'h,i,j\n'],
      ['CSV_TOO_MANY_FIELDS', 'k,l,,\n'],
      ['CSV_TOO_FEW_FIELDS', 'm\n'],
      ['CSV_TOO_MANY_FIELDS', '"n",o,""\n'],
    ],
    blank: 1,
    reasons: [
      '2 fields, but no delimiter after the last (trailing_delimiter)',
      '1 fields, 2 and a delimiter after the last expected',
      '3 fields, 2 and a delimiter after the last expected',
      '3 fields, 2 and a delimiter after the last expected',
      '1 fields, 2 and a delimiter after the last expected',
      '3 fields, 2 and a delimiter after the last expected',
    ],
  },
  {
    name: 'one column and its trailing delimiter: an empty line is blank again',
    input: 'a,\n\n,\nb\n',
    plan: { trailingDelimiter: true, width: 1, fields: [fieldOf(0, 'string')] },
    rows: [['a'], [null]],
    rejects: [['CSV_TOO_FEW_FIELDS', 'b\n']],
    blank: 1,
  },
  {
    name: 'blanks after a trailing delimiter, where they are trimmed',
    input: 'a,b, \t\nc,d, e\n',
    plan: { trailingDelimiter: true, trim: true },
    rows: [['a', 'b']],
    rejects: [['CSV_TOO_MANY_FIELDS', 'c,d, e\n']],
  },
  {
    name: 'the header once more is a reject',
    input: 'c,d\n"a",b\na,b\n"a",b\r\n"a","b"\n"a",b',
    plan: { header: HEADER },
    rows: [
      ['c', 'd'],
      ['a', 'b'],
      ['a', 'b'],
    ],
    rejects: [
      ['CSV_HEADER_REPEATED', '"a",b\n'],
      ['CSV_HEADER_REPEATED', '"a",b\r\n'],
      ['CSV_HEADER_REPEATED', '"a",b'],
    ],
    reasons: ['the header once more', 'the header once more', 'the header once more'],
  },
  {
    name: 'the header once more is skipped, with the mark of a joined file, and whatever its width',
    input: `c,d\n"a",b\n${MARK}"a",b\r\n`,
    plan: { header: { ...HEADER, skip: true }, trailingDelimiter: false },
    rows: [['c', 'd']],
    header: 16,
  },
  {
    name: 'a header without the trailing delimiter that its rows have',
    input: 'a,b\nc,d,\n',
    plan: { header: { bytes: Buffer.from('a,b'), skip: true }, trailingDelimiter: true },
    rows: [['c', 'd']],
    header: 4,
  },
  {
    name: 'a mark at the start of a row, and elsewhere',
    input: `a,b\n${MARK}c,d\ne,${MARK}f\n${MARK}\n${MARK}"a",b\n${MARK}"q\nr",s\n${MARK}"t"u,v\n${MARK}`,
    plan: { header: HEADER },
    rows: [
      ['a', 'b'],
      ['e', `${MARK}f`],
    ],
    rejects: [
      ['CSV_BOM_INSIDE', `${MARK}c,d\n`],
      ['CSV_BOM_INSIDE', `${MARK}\n`],
      ['CSV_HEADER_REPEATED', `${MARK}"a",b\n`],
      ['CSV_BOM_INSIDE', `${MARK}"q\nr",s\n`],
      ['CSV_QUOTE_TRAILING', `${MARK}"t"u,v\n`],
      ['CSV_BOM_INSIDE', MARK],
    ],
  },
  {
    name: 'a mark before a comment',
    input: `a,b\n${MARK}# x\nc,d\n`,
    plan: { comment: 35 },
    rows: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    comment: 7,
  },
  {
    name: 'bare escapes: delimiters, line ends and backslashes',
    input: 'a\\\tb\tc\\\nd\ne\\\\\tf\\\r\ng\r\n',
    plan: tsv,
    rows: [
      ['a\tb', 'c\nd'],
      ['e\\', 'f\r\ng'],
    ],
  },
  {
    name: 'bare escapes: too many fields, a long row and its escaped line ends',
    input: `a\tb\tc\\\nd\n${'x'.repeat(70)}\\\ny\tz\nc\td\n`,
    plan: { ...tsv, maxRowBytes: 64 },
    rows: [['c', 'd']],
    rejects: [
      ['CSV_TOO_MANY_FIELDS', 'a\tb\tc\\\nd\n'],
      ['CSV_ROW_TOO_LONG', `${'x'.repeat(70)}\\\ny\tz\n`],
    ],
  },
  {
    name: 'bare escapes: one at the very end',
    input: 'a\tb\nc\td\\',
    plan: tsv,
    rows: [['a', 'b']],
    rejects: [['CSV_ESCAPE', 'c\td\\']],
    reasons: ['a backslash at the very end, with nothing after it'],
  },
  {
    name: 'blanks and tabs around fields and quotes',
    input: ' a ,\tb\t\n "c " , "d,\n e"\t\r\n"f" g,h\ni, j"k"\n \t\n',
    plan: { trim: true },
    rows: [
      ['a', 'b'],
      ['c ', 'd,\n e'],
    ],
    rejects: [
      ['CSV_QUOTE_TRAILING', '"f" g,h\n'],
      ['CSV_QUOTE_STRAY', 'i, j"k"\n'],
    ],
    blank: 3,
  },
  {
    name: 'a line of blanks is a row where there is one column',
    input: ' \n a \n  ',
    plan: { trim: true, width: 1, fields: [fieldOf(0, 'string')] },
    rows: [[null], ['a'], [null]],
  },
];

describe('dialects', () => {
  it.each(cases)('$name', ({ input, plan, rows, rejects = [], reasons, ...bytes }) => {
    const text = Buffer.from(input, 'latin1');
    const two = { width: 2, fields: [fieldOf(0, 'string'), fieldOf(1, 'string')] };
    for (const chunks of [[1 << 20], [1], [7, 64, 3], [65, 1]]) {
      const result = driver.run(text, planOf({ ...two, ...plan }), chunks);
      const seen = result.rejects.map(({ code, offset, length }) => [
        code.replace('ATLAS_', ''),
        input.slice(offset, offset + length),
      ]);
      expect([result.rows, seen]).toEqual([rows, rejects]);
      const { blank = 0, comment = 0, header = 0 } = bytes;
      expect([result.blankBytes, result.commentBytes, result.headerBytes]).toEqual([blank, comment, header]);
      if (reasons) expect(result.reasons).toEqual(reasons);
    }
  });

  it.each<[Partial<ParserPlan>, string]>([
    [{ comment: 44 }, 'delimiter and comment are both ","'],
    [{ newline: 44 }, 'delimiter and row_delimiter are both ","'],
    [{ newline: 10 }, 'row_delimiter is the byte 10: "lf" or "cr" is meant'],
    [{ comment: 34 }, 'quote and comment are both "\\""'],
    [{ trim: true, delimiter: 9 }, 'trim is true, but "\\t" has another meaning'],
    [{ trim: true, quote: null, bareEscapes: true }, 'trim is true, but escapes stand outside quotes'],
    [{ escape: 92, newline: 92 }, 'escape and row_delimiter are both "\\\\"'],
  ])('%j cannot be told apart', (plan, message) => {
    expect(() => driver.parser.configure(planOf(plan))).toThrow(message);
  });
});
