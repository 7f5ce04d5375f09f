import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { type Column, plannedTable } from './planned-table.ts';
import { serverType } from './server-types.ts';

const int = serverType('integer');

function problems(source: object, columns: readonly Column[]): readonly object[] {
  try {
    plannedTable({ source, columns });
  } catch (error) {
    if (error instanceof AtlasError) return error.problems;
    throw error;
  }
  return [];
}

describe('the columns of a table, or of a query', () => {
  test('names are taken as they are', () => {
    const names = ['a b', 'É', '"; DROP TABLE x; --', 'select', 'A', 'a', '😀'];
    const plan = plannedTable({ columns: names.map((name) => [name, int] as const) });
    expect(plan.source.features.map(({ name }) => name)).toEqual(names);
    expect(plan.source).toMatchObject({ columns: [{}, {}, { expression: '"""; DROP TABLE x; --"' }, {}, {}, {}, {}] });
  });

  test('nullability is theirs', () => {
    const plan = plannedTable({
      columns: [
        ['a', int, 'not null'],
        ['b', int],
      ],
    });
    expect(plan.source.features.map(({ nullable }) => nullable)).toEqual([false, true]);
  });

  test('what none can hold is named, each', () => {
    const range = serverType('int4range', { kind: 'range' });
    expect(
      problems({}, [
        ['a', int],
        ['b', range],
        ['c', serverType('point')],
      ]),
    ).toMatchObject([
      { code: 'ATLAS_DB_TYPE', message: 'column "b" is int4range, which no feature can hold' },
      { code: 'ATLAS_DB_TYPE', message: 'column "c" is point, which no feature can hold' },
    ]);
    // nobody has to take them
    expect(
      problems({ features: [{ name: 'a', type: 'int' }] }, [
        ['a', int],
        ['b', range],
      ]),
    ).toEqual([]);
  });

  test('a query with two columns of one name', () => {
    const query = { query: 'SELECT 1' };
    const twice: readonly Column[] = [
      ['a', int],
      ['b', int],
      ['a', int],
    ];
    const wanted = [{ code: 'ATLAS_DB_COLUMN_TWICE', message: 'the query has 2 columns named "a"' }];
    expect(problems(query, twice)).toMatchObject(wanted);
    expect(problems({ ...query, features: [{ name: 'x', from: 'a', type: 'int' }] }, twice)).toMatchObject(wanted);
    expect(problems({ ...query, features: [{ name: 'b', type: 'int' }] }, twice)).toEqual([]);
  });

  test('a table without columns, and names that no feature can have', () => {
    expect(problems({}, [])).toMatchObject([{ code: 'ATLAS_DB_COLUMN_MISSING', message: 'public.t has no columns' }]);
    expect(problems({}, [['a\u0001', int]])).toMatchObject([
      { code: 'ATLAS_META_INVALID', message: 'column "a\\u0001" has a control character in its name' },
    ]);
    expect(problems({ features: [{ name: 'a', from: 'a\u0001', type: 'int' }] }, [['a\u0001', int]])).toEqual([]);
  });

  test('what is finer stands where it is declared', () => {
    const features = [{ name: 'at', type: 'timestamp' }];
    expect(
      problems({ features }, [
        ['at', serverType('timestamp', { sql: 'timestamp(6) without time zone', precision: 6 })],
      ]),
    ).toMatchObject([
      {
        code: 'ATLAS_PLAN_LOSSY',
        message: 'column "at" is timestamp(6) without time zone, finer than timestamp(s)',
        place: { path: 'dataset_config[0].source.features[0].type' },
      },
    ]);
  });

  test('what may be rejected, and what is only nearest, is said', () => {
    const features = [
      { name: 'a', type: 'int', nullable: false },
      { name: 'A', from: 'n', type: 'double' },
    ];
    const plan = plannedTable({
      source: { features },
      columns: [
        ['a', int],
        ['n', serverType('numeric')],
      ],
    });
    expect(plan.notes).toEqual(
      expect.arrayContaining([
        'a: its column may be null, and a row where it is, is rejected',
        'a and A differ by case alone: many engines take them for one',
        'A: numeric becomes the nearest double',
      ]),
    );
    expect(plannedTable({ columns: [['a', int, 'not null']] }).notes.join()).not.toContain('column');
  });

  test('the hash does not know columns that nobody reads', () => {
    const features = [{ name: 'a', type: 'int' }];
    const one = plannedTable({ source: { features }, columns: [['a', int]] });
    const two = plannedTable({
      source: { features },
      columns: [
        ['a', int],
        ['b', int],
      ],
    });
    expect(two.hash).toBe(one.hash);
  });
});
