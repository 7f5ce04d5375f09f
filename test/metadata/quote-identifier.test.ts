import { describe, expect, it } from 'vitest';
import { quoteIdentifier, quoteRelation } from '../../src/metadata/quote-identifier.ts';

describe('a quoted name', () => {
  it.each([
    ['postgresql', 'a', '"a"'],
    ['postgresql', '"; DROP TABLE x; --', '"""; DROP TABLE x; --"'],
    ['mysql', 'a"b', '`a"b`'],
    ['mysql', '`; DROP TABLE x; -- ', '```; DROP TABLE x; -- `'],
  ] as const)('%s %s', (type, name, expected) => {
    expect(quoteIdentifier(type, name)).toBe(expected);
  });

  it('has its schema before it, where one is known', () => {
    expect(quoteRelation('postgresql', { schema: 'a.b', name: 'c' })).toBe('"a.b"."c"');
    expect(quoteRelation('mysql', { schema: null, name: 'c' })).toBe('`c`');
  });

  it.each(['', 'a\0b'])('%j is refused', (name) => {
    expect(() => quoteIdentifier('postgresql', name)).toThrow('cannot be the name');
  });
});
