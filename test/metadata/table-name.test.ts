import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTableName, parseTableName, tableNameProblem } from '../../src/metadata/table-name.ts';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

describe('names of tables', () => {
  it.each([
    ['orders', { schema: null, name: 'orders' }],
    ['public.orders', { schema: 'public', name: 'orders' }],
    ['public.*', { schema: 'public', name: '*' }],
    ['Public.Orders 2024', { schema: 'Public', name: 'Orders 2024' }],
    ['"a.b"."c ""d"""', { schema: 'a.b', name: 'c "d"' }],
    ['"; DROP TABLE x; --".t', { schema: '; DROP TABLE x; --', name: 't' }],
  ])('%s', (text, expected) => {
    expect(parseTableName(text)).toEqual(expected);
    expect(tableNameProblem(text)).toBeNull();
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a.b.c', '"a', 'a"b', '""', '"a"b', ' a', 'a. b', '"a\0b"'])(
    '%j is none',
    (text) => {
      expect(parseTableName(text)).toBeNull();
      expect(tableNameProblem(text)).toMatchObject({ hint: expect.stringContaining('double quotes') });
    },
  );

  it('with a run variable in it is judged once that is filled in', () => {
    expect(tableNameProblem('{{ schema }}..x')).toBeNull();
  });

  it('any two names are read back as they were', () => {
    const part = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    console.log(`seed ${SEED} (PROPERTY_SEED)`);
    fc.assert(
      fc.property(fc.option(part), part, (schema, name) => {
        expect(parseTableName(formatTableName({ schema, name }))).toEqual({ schema, name });
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
