import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnSet } from '../../src/flow/drift.ts';
import { NOTHING_RETYPED } from '../../src/plan/drift/compare-column-types.ts';
import { compareColumns } from '../../src/plan/drift/compare-columns.ts';
import { tellColumn } from '../../src/plan/drift/tell-column.ts';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);

const set = (names: string, ...inputs: string[]): ColumnSet => ({ names: names.split(','), inputs });

describe('columns of inputs, compared', () => {
  it.each([
    ['nothing', [], 'a,b', { union: [], partial: [], appeared: [], gone: [] }],
    ['the same', [set('a,b', '1')], 'b,a', { union: ['a', 'b'], partial: [], appeared: [], gone: [] }],
    ['in another order', [set('a,b', '1'), set('b,a', '2')], 'a,b', { partial: [], appeared: [], gone: [] }],
    [
      'one more, one fewer',
      [set('a,b', '1', '3'), set('c,a', '2')],
      'a,d',
      {
        union: ['a', 'b', 'c'],
        partial: [
          { name: 'b', has: ['1', '3'], lacks: ['2'] },
          { name: 'c', has: ['2'], lacks: ['1', '3'] },
        ],
        appeared: [
          { name: 'b', has: ['1', '3'], lacks: ['2'] },
          { name: 'c', has: ['2'], lacks: ['1', '3'] },
        ],
        gone: ['d'],
      },
    ],
    [
      'the same name once more',
      [set('a,b', '1'), set('b,a,b', '2')],
      'a,b,b,a',
      { union: ['a', 'b', 'b'], partial: [{ name: 'b', has: ['2'], lacks: ['1'] }], appeared: [], gone: ['a'] },
    ],
    ['names of nothing', [set('a,,', '1'), set(',a,', '2')], 'a,,', { union: ['a', '', ''], partial: [], gone: [] }],
    [
      'names that objects have',
      [set('__proto__,constructor', '1'), set('constructor', '2')],
      'toString',
      {
        union: ['__proto__', 'constructor'],
        partial: [{ name: '__proto__', has: ['1'], lacks: ['2'] }],
        gone: ['toString'],
      },
    ],
  ] as const)('%s', (_name, sets, before, expected) => {
    expect(compareColumns(sets, before.split(','))).toMatchObject(expected);
  });

  it('with nothing to compare with, nothing appears and nothing goes', () => {
    expect(compareColumns([set('a', '1')], null)).toMatchObject({ appeared: [], gone: [] });
  });

  it('says where, with few words for many files', () => {
    const many = Array.from({ length: 50 }, (_, at) => `${at}.csv`);
    const comparison = compareColumns([set('a', ...many), set('a,b', 'x.csv')], ['a', 'c']);
    const story = { since: 'R', files: 51, types: NOTHING_RETYPED };
    expect(tellColumn('b', comparison, story)).toBe(
      'column "b" is new since run R, and stands in 1 of 51 files (x.csv)',
    );
    expect(tellColumn('b', comparison, story, true)).toBe(
      'column "b" is new since run R, and is missing in 50 of 51 files (0.csv, 1.csv, 2.csv and 47 more)',
    );
    expect(tellColumn('c', comparison, story)).toBe('column "c" is gone since run R');
    expect(tellColumn('z'.repeat(1000), comparison, story).length).toBeLessThan(120);
  });

  it('neither the order of files nor that of columns matters to what differs', () => {
    console.log(`seed ${SEED} (PROPERTY_SEED)`);
    const names = fc.array(fc.constantFrom('a', 'b', 'c', '', '__proto__'), { maxLength: 5 });
    const sets = fc.array(names, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sets, names, fc.infiniteStream(fc.nat()), (all, before, random) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((each) => [random.next().value, each] as const)
            .sort(([a], [b]) => a - b)
            .map(([, each]) => each);
        const one = all.map((each, at) => ({ names: each, inputs: [String(at)] }));
        const other = shuffle(one).map(({ names: each, inputs }) => ({ names: shuffle(each), inputs }));
        const facts = (which: readonly ColumnSet[]) => {
          const { union, partial, appeared, gone } = compareColumns(which, before);
          const sorted = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name).sort();
          return [[...union].sort(), sorted(partial), sorted(appeared), [...gone].sort()];
        };
        expect(facts(other)).toEqual(facts(one));
        expect(compareColumns(one, compareColumns(one, before).union)).toMatchObject({ appeared: [], gone: [] });
      }),
      { seed: SEED },
    );
  });
});
