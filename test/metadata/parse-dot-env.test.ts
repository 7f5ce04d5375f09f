import { expect, it } from 'vitest';
import { parseDotEnv } from '../../src/metadata/parse-dot-env.ts';

it('reads what a .env holds, and says which lines are none', () => {
  const text = [
    '\uFEFF# a comment',
    '',
    'PLAIN=value with blanks   # and a comment',
    'export EXPORTED=yes',
    '  SPACED  =  x  ',
    'EMPTY=',
    'HASH=a#b',
    `SINGLE='as $it is \\n'`,
    'DOUBLE="tab\\tline\\n\\"quoted\\" \\\\ \\x"',
    'MULTI="one',
    'two"',
    'AGAIN=1',
    'AGAIN=2',
    'not a line',
    '1BAD=x',
    'BROKEN="never closed',
    'LAST=end',
  ].join('\r\n');
  const { variables, problems } = parseDotEnv(text, '/p/.env');
  expect(variables).toEqual({
    PLAIN: 'value with blanks',
    EXPORTED: 'yes',
    SPACED: 'x',
    EMPTY: '',
    HASH: 'a#b',
    SINGLE: 'as $it is \\n',
    DOUBLE: 'tab\tline\n"quoted" \\ \\x',
    MULTI: 'one\r\ntwo',
    AGAIN: '2',
    LAST: 'end',
  });
  expect(problems.map(({ place }) => [place.file, place.line])).toEqual([
    ['/p/.env', 14],
    ['/p/.env', 15],
    ['/p/.env', 16],
  ]);
  expect(JSON.stringify(problems)).not.toContain('never closed');
});
