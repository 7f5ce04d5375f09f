import { beforeAll, describe, expect, it } from 'vitest';
import type { ParserPlan } from '../../src/source/csv/parser/parser-shape.ts';
import { type Driver, fieldOf, openParser, planOf } from './csv-drive.ts';

let driver: Driver;
beforeAll(async () => {
  driver = await openParser();
});

/** One field of a type through the kernel, between two others: its value, or the code of its reject. */
function cast(text: string, type = 'string', more: Partial<ParserPlan> = {}): unknown {
  const fields = [fieldOf(0, 'string'), fieldOf(1, type), fieldOf(2, 'string')];
  const { rows, rejects } = driver.run(Buffer.from(` a \t,${text},\t z \r\n`), planOf({ trim: true, fields, ...more }));
  if (rejects[0] !== undefined) return rejects[0].code;
  expect([rows[0]?.[0], rows[0]?.[2]]).toEqual(['a', 'z']);
  return rows[0]?.[1];
}

describe('trimmed fields', () => {
  it.each([
    ['x', 'string', 'x'],
    ['  x\t', 'string', 'x'],
    ['\t \t', 'string', null],
    ['', 'string', null],
    [' a b ', 'string', 'a b'],
    ['\u00a0x\u00a0', 'string', Buffer.from('\u00a0x\u00a0').toString('latin1')],
    ['\v x', 'string', '\v x'],
    [`  ${'y'.repeat(100)}  `, 'string', 'y'.repeat(100)],
    [' x ', 'binary', 'x'],
    [' {"a": 1} ', 'json', 'ATLAS_CSV_QUOTE_STRAY'],
    ['"x"', 'string', 'x'],
    [' " x " ', 'string', ' x '],
    ['\t"a,b"  ', 'string', 'a,b'],
    [' "a""b" ', 'string', 'a"b'],
    [' "" ', 'string', ''],
    [' "  " ', 'string', '  '],
    [' "line\r\nend" ', 'string', 'line\r\nend'],
    [' "{""a"": 1}" ', 'json', '{"a": 1}'],
    [' "12" ', 'int', 12n],
    [' " 12" ', 'int', 'ATLAS_CAST_SYNTAX'],
    [' "true" ', 'boolean', true],
    [' "2024-01-02" ', 'date', 19_724n],
    [' "" ', 'int', 'ATLAS_CAST_SYNTAX'],
    [' "x"y ', 'string', 'ATLAS_CSV_QUOTE_TRAILING'],
    [' x"y" ', 'string', 'ATLAS_CSV_QUOTE_STRAY'],
    [' [ 1 ] ', 'json', '[ 1 ]'],
    [' 12 ', 'int', 12n],
    [' 1 2 ', 'int', 'ATLAS_CAST_SYNTAX'],
    ['   ', 'int', null],
    [' -1.50\t', 'decimal(9,2)', -150n],
    [' 2024-01-02 ', 'date', 19_724n],
    [' 2024-01-02 00:00:00 ', 'timestamp(s)', 1_704_153_600n],
    [' 00:00:01 ', 'time(s)', 1n],
    [' true ', 'boolean', true],
    [' t r ', 'boolean', 'ATLAS_CAST_SYNTAX'],
    [' 00112233-4455-6677-8899-aabbccddeeff ', 'uuid', '00112233445566778899aabbccddeeff'],
    [' 00112233445566778899aabbccddeef ', 'uuid', 'ATLAS_CAST_SYNTAX'],
  ])('%j as %s is %s', (text, type, expected) => {
    expect(cast(text, type)).toBe(expected);
  });

  it('null spellings are compared without the blanks around the field, and are themselves as they stand', () => {
    expect(cast(' NULL ', 'string', { nullValues: ['NULL'] })).toBe(null);
    expect(cast('   ', 'string', { nullValues: ['NULL'] })).toBe('');
    expect(cast('   ', 'string', { nullValues: ['   '] })).toBe('');
    expect(cast('   ', 'int', { nullValues: ['NULL'] })).toBe('ATLAS_CAST_SYNTAX');
    expect(cast(' "NULL" ', 'string', { nullValues: ['NULL'] })).toBe('NULL');
    expect(cast(' "NULL" ', 'int', { nullValues: ['NULL'], quotedNulls: true })).toBe(null);
    expect(cast(' " NULL" ', 'string', { nullValues: ['NULL'], quotedNulls: true })).toBe(' NULL');
  });

  it('blanks are kept where the plan does not trim', () => {
    const { rows } = driver.run(Buffer.from(' a , b,c \n'), planOf());
    expect(rows).toEqual([[' a ', ' b', 'c ']]);
  });

  it('a number beyond the fast paths, and local times of a year not seen before', () => {
    const digits = '1234567890123456789012345';
    const bits = new BigUint64Array(new Float64Array([Number(digits)]).buffer)[0];
    expect(cast(`  ${digits} `, 'double')).toBe(bits);
    const fields = [fieldOf(0, 'timestamptz(s)', { timezone: 'Europe/Berlin' })];
    const { rows, rejects } = driver.run(
      Buffer.from(' 2024-07-01 12:00:00 \n\t2024-03-31 02:30:00\t\n'),
      planOf({ trim: true, width: 1, fields }),
    );
    expect(rows).toEqual([[BigInt(Date.parse('2024-07-01T10:00:00Z') / 1000)]]);
    expect(rejects.map(({ code }) => code)).toEqual(['ATLAS_CAST_ZONE']);
  });

  it('a style sees what is left', () => {
    const style = { decimal: ',', thousands: '.', percent: null, currency: '€' } as const;
    const fields = [fieldOf(0, 'decimal(9,2)', { style })];
    const plan = planOf({ trim: true, width: 1, delimiter: 59, fields });
    expect(driver.run(Buffer.from('  1.234,5 €  \n "1.234,5 €"\t\n'), plan).rows).toEqual([[123_450n], [123_450n]]);
  });

  it('a plan that trims leaves the next one alone', () => {
    expect(cast(' x ')).toBe('x');
    expect(driver.run(Buffer.from(' x ,, \n'), planOf()).rows).toEqual([[' x ', null, ' ']]);
    const constant = fieldOf(null, 'string', { constant: { kind: 'text', text: ' x ' } });
    expect(driver.run(Buffer.from('a\n'), planOf({ trim: true, width: 1, fields: [constant] })).rows).toEqual([
      [' x '],
    ]);
    expect(driver.run(Buffer.from('a\n'), planOf({ trim: true, width: 1, fields: [constant] })).rows).toEqual([
      [' x '],
    ]);
  });
});
