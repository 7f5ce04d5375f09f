import { describe, expect, it } from 'vitest';
import { locateInSql } from '../../src/cli/locate-in-sql.ts';
import { oneStatement } from '../../src/cli/one-statement.ts';
import { answerJson, renderAnswer } from '../../src/cli/render-answer.ts';
import { recordedIo } from './recorded-io.ts';

const columns = [
  { name: 'n', type: 'UInt64' },
  { name: 'text', type: 'Nullable(String)' },
];

describe('an answer', () => {
  it('says NULL, keeps 64 bits, shows bytes, and puts no cell on two lines', () => {
    const rows = [
      ['18446744073709551615', 'a\nb\u001b[2J'],
      ['1', null],
      ['2', new Uint8Array([255, 0])],
    ];
    expect(renderAnswer({ columns, rows }, recordedIo('/')).split('\n')).toEqual([
      '                   n  text',
      '18446744073709551615  a\\nb\\u{1b}[2J',
      '                   1  NULL',
      '                   2  0xff00',
      '',
    ]);
    expect(JSON.parse(answerJson({ columns, rows }, false))).toEqual({
      query_version: 1,
      columns,
      rows: [
        ['18446744073709551615', 'a\nb\u001b[2J'],
        ['1', null],
        ['2', { base64: '/wA=' }],
      ],
      cut: false,
    });
  });

  it('fits a terminal: wide cells are cut, columns without room are counted', () => {
    const io = recordedIo('/');
    const stdout = { ...io.stdout, isTTY: true, columns: 40 };
    const wide = Array.from({ length: 9 }, (_, index) => ({ name: `c${index}`, type: 'String' }));
    const text = renderAnswer({ columns: wide, rows: [wide.map(() => 'x'.repeat(100))] }, { stdout });
    const lines = text.trimEnd().split('\n');
    expect(Math.max(...lines.slice(0, 2).map((line) => [...line].length))).toBeLessThanOrEqual(40);
    expect(lines[1]).toContain('…');
    expect(lines[2]).toContain('5 more columns');
  });
});

describe('a statement', () => {
  it.each([
    ['SELECT 1;', 'SELECT 1'],
    ["SELECT ';' -- ; done\n;", "SELECT ';'"],
    ["SELECT 'INTO OUTFILE x FORMAT CSV'", "SELECT 'INTO OUTFILE x FORMAT CSV'"],
    ['SELECT `a;b`, format(x) FROM t', 'SELECT `a;b`, format(x) FROM t'],
  ])('%j is one', (typed, sent) => {
    expect(oneStatement(typed)).toBe(sent);
  });

  it.each(['', ' ; ', 'SELECT 1; DROP TABLE t', "SELECT 1 /* x */ INTO /* y */ OUTFILE 'f'", 'SELECT 1 FORMAT CSV'])(
    '%j is refused',
    (typed) => {
      expect(() => oneStatement(typed)).toThrow(expect.objectContaining({ code: 'ATLAS_USAGE' }));
    },
  );

  it('is shown where it is wrong', () => {
    expect(locateInSql("SELECT 'é',\n  1 FROMM", 'failed at position 19')).toBe(
      '    1 FROMM\n       ^ line 2, column 6',
    );
    expect(locateInSql('SELECT 1', 'another error')).toBeNull();
  });
});
