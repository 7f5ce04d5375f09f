import { describe, expect, test } from 'vitest';
import { columnsError } from '../../../../src/sink/clickhouse/columns/columns-error.ts';
import { compareTable } from '../../../../src/sink/clickhouse/columns/compare-table.ts';
import { judgeColumn } from '../../../../src/sink/clickhouse/columns/judge-column.ts';
import { field } from '../../../encode/build-batch.ts';
import { type Features, liveTable, type TableOptions, tablePlan } from './table-bed.ts';

const compare = (features: Features, columns: Record<string, string>, options: TableOptions = {}) =>
  compareTable(tablePlan(features, options), liveTable(columns));

const judged = (feature: string, column: string, zone = 'UTC'): string =>
  judgeColumn(field('v', feature), column, zone).fit;

describe('a column', () => {
  test.each([
    ['int!', 'Int64', 'same'],
    ['int!', 'Nullable(Int64)', 'same'],
    ['int!', 'Int128', 'fits'],
    ['int!', 'Int32', 'narrower'],
    ['int!', 'UInt64', 'narrower'],
    ['uint32!', 'Int32', 'narrower'],
    ['uint32!', 'Int64', 'fits'],
    ['int32!', 'Float64', 'fits'],
    ['int!', 'Float64', 'narrower'],
    ['int!', 'Decimal(19, 0)', 'fits'],
    ['int!', 'Decimal(18, 0)', 'narrower'],
    ['int!', 'String', 'other'],
    ['int!', 'Bool', 'other'],
    ['int!', "DateTime('UTC')", 'other'],
    ['int', 'Int64', 'narrower'],
    ['string', 'LowCardinality(Nullable(String))', 'same'],
    ['string', 'LowCardinality(String)', 'narrower'],
    ['string!', 'LowCardinality(String)', 'same'],
    ['string!', "Enum8('a' = 1)", 'other'],
    ['string!', 'FixedString(3)', 'other'],
    ['string!', 'JSON', 'other'],
    ['binary!', 'FixedString(3)', 'other'],
    ['uuid!', 'String', 'other'],
    ['boolean!', 'UInt8', 'fits'],
    ['decimal(9,2)!', 'Decimal(9, 2)', 'same'],
    ['decimal(9,2)!', 'Decimal(18, 4)', 'fits'],
    ['decimal(9,2)!', 'Decimal(9, 4)', 'narrower'],
    ['decimal(9,2)!', 'Decimal(18, 1)', 'narrower'],
    ['decimal(9,2)!', 'Float64', 'other'],
    ['real!', 'Float64', 'fits'],
    ['double!', 'Float32', 'narrower'],
    ['date!', 'Date32', 'same'],
    ['date!', 'Date', 'fits'],
    ['date!', 'DateTime', 'other'],
    ['time(us)!', 'Time64(6)', 'same'],
    ['time(us)!', 'Time64(3)', 'narrower'],
    ['time(us)!', 'String', 'fits'],
    ['time(s)!', 'Time', 'other'],
    ['timestamp!', "DateTime64(0, 'UTC')", 'same'],
    ['timestamp!', "DateTime('UTC')", 'fits'],
    ['timestamp(ms)!', "DateTime('UTC')", 'narrower'],
    ['timestamp(ms)!', "DateTime64(6, 'UTC')", 'fits'],
    ['timestamp(us)!', "DateTime64(3, 'UTC')", 'narrower'],
    ['timestamp(us)!', "DateTime64(6, 'Europe/Berlin')", 'other'],
    ['timestamptz(us)!', "DateTime64(6, 'Europe/Berlin')", 'fits'],
    ['string!', 'SimpleAggregateFunction(anyLast, String)', 'fits'],
    ['string!', 'AggregateFunction(uniq, String)', 'other'],
    ['string!', 'Array(String)', 'other'],
  ])('%s in %s: %s', (feature, column, wanted) => {
    expect(judged(feature, column)).toBe(wanted);
  });

  test('without a zone is in that of the server, which changes what zoneless timestamps show', () => {
    expect(judged('timestamp(us)!', 'DateTime64(6)', 'Etc/UTC')).toBe('same');
    expect(judged('timestamp(us)!', 'DateTime64(6)', 'Asia/Tokyo')).toBe('other');
    expect(judged('timestamptz(us)!', 'DateTime64(6)', 'Asia/Tokyo')).toBe('same');
  });

  test('that holds less than its feature says in what range', () => {
    const { ranges } = compare(
      { d: 'date', t: 'timestamp', n: 'timestamp(us)', plain: 'date' },
      { d: 'Nullable(Date)', t: 'Nullable(DateTime)', n: 'Nullable(DateTime64(9))', plain: 'Nullable(Date32)' },
    );
    expect([...ranges]).toEqual([
      ['d', { least: '0', greatest: '65535' }],
      ['t', { least: '0', greatest: '4294967295' }],
      ['n', { least: '-2208988800000000', greatest: '9223372036854775' }],
    ]);
  });
});

test('columns that are missing, narrower, of another kind, computed or left without a value are told at once', () => {
  const { disagreements, changes } = compare(
    { id: 'int!', name: 'string', total: 'decimal(18,4)', sum: 'int', gone: 'date' },
    { id: 'Int32', name: 'String', total: 'Nullable(Float64)', sum: 'Int64 MATERIALIZED', region: 'String' },
  );
  expect(changes).toEqual([]);
  expect(disagreements.map(({ column, feature, table }) => [column, feature, table])).toEqual([
    ['id', 'int64 not null', 'Int32'],
    ['name', 'string', 'String'],
    ['total', 'decimal(18,4)', 'Nullable(Float64)'],
    ['sum', 'int64', 'Int64 MATERIALIZED'],
    ['gone', 'date', null],
    ['region', null, 'String'],
  ]);
  expect(columnsError(disagreements, { onDrift: 'fail' }, 'ch1:8443/olap: olap.t').message).toMatchInlineSnapshot(`
    "ch1:8443/olap: olap.t: 6 columns are not as the features are
      column  feature         table
      id      int64 not null  Int32               larger numbers would be wrapped
      name    string          String              it holds no NULL
      total   decimal(18,4)   Nullable(Float64)   it holds no exact fractions of that kind
      sum     int64           Int64 MATERIALIZED  the table computes it (MATERIALIZED)
      gone    date            -                   the table has no such column
      region  -               String              no feature fills it, and it would be empty or 0 in every row"
  `);
});

test('columns that no feature fills must have a value of their own', () => {
  const columns = {
    ...{ id: 'Int64', at: 'DateTime DEFAULT', up: 'String MATERIALIZED', al: 'String ALIAS', raw: 'String EPHEMERAL' },
    ...{ note: 'Nullable(String)', low: 'LowCardinality(Nullable(String))' },
  };
  const { disagreements, notes } = compare({ id: 'int!' }, columns);
  expect(disagreements).toEqual([]);
  expect(notes).toMatchInlineSnapshot(`
    [
      "at: no feature fills it, it has its DEFAULT in every row",
      "up: no feature fills it, the table takes care of it (MATERIALIZED)",
      "al: no feature fills it, the table takes care of it (ALIAS)",
      "raw: no feature fills it, the table takes care of it (EPHEMERAL)",
      "note: no feature fills it, it is NULL in every row",
      "low: no feature fills it, it is NULL in every row",
    ]
  `);
});

test('ignored drift leaves columns empty that no feature fills, and never a feature without a column', () => {
  const { disagreements, notes } = compare(
    { id: 'int!', x: 'int' },
    { id: 'Int64', region: 'String' },
    { onDrift: 'ignore' },
  );
  expect(disagreements.map(({ column }) => column)).toEqual(['x']);
  expect(notes).toEqual(['region: no feature fills it, it is empty or 0 in every row (on_drift is "ignore")']);
});

describe('evolve', () => {
  test('adds columns that may be null, and widens', () => {
    const { disagreements, changes } = compare(
      {
        ...{
          a: 'int!',
          b: 'uint32!',
          c: 'decimal(18,4)',
          d: 'timestamp(us)!',
          e: 'string',
          f: 'string!',
          g: 'string',
          h: 'date',
        },
        ...{ i: 'double!', 'j`\\': 'time(us)!', k: 'timestamptz(us)', l: 'int' },
      },
      {
        ...{ a: 'Int32', b: 'Int32', c: 'Decimal(9, 2)', d: 'DateTime64(3)', e: 'String', i: 'Float32', l: 'Int64' },
        ...{ h: 'Date', k: "DateTime('Asia/Tokyo')" },
      },
      { onDrift: 'evolve', lowCardinality: ['g'] },
    );
    expect(disagreements).toEqual([]);
    expect(changes).toMatchInlineSnapshot(`
      [
        "MODIFY COLUMN \`a\` Int64",
        "MODIFY COLUMN \`b\` Int64",
        "MODIFY COLUMN \`c\` Nullable(Decimal(18, 4))",
        "MODIFY COLUMN \`d\` DateTime64(6)",
        "MODIFY COLUMN \`e\` Nullable(String)",
        "ADD COLUMN \`f\` Nullable(String)",
        "ADD COLUMN \`g\` LowCardinality(Nullable(String))",
        "MODIFY COLUMN \`h\` Nullable(Date32)",
        "MODIFY COLUMN \`i\` Float64",
        "ADD COLUMN \`j\\\`\\\\\` Nullable(Time64(6))",
        "MODIFY COLUMN \`k\` Nullable(DateTime64(6, 'Asia/Tokyo'))",
        "MODIFY COLUMN \`l\` Nullable(Int64)",
      ]
    `);
  });

  test.each([
    ['a key', { a: 'int!' }, { a: 'Int32 KEY' }],
    ['bits that no type has', { a: 'uint64!' }, { a: 'Int64' }],
    ['digits that would lose years', { a: 'timestamp(ns)!' }, { a: 'DateTime64(6)' }],
    ['another kind', { a: 'string!' }, { a: 'Int64' }],
    ['states of aggregates', { a: 'int!' }, { a: 'SimpleAggregateFunction(max, Int32)' }],
  ])('never touches %s', (_what, features, columns) => {
    const { disagreements, changes } = compare(features, columns, { onDrift: 'evolve' });
    expect(changes).toEqual([]);
    expect(disagreements).toHaveLength(1);
  });
});
