import { describe, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import type { DatasetPlan } from '../../../src/flow/dataset-plan.ts';
import type { Drift } from '../../../src/flow/drift.ts';
import { evolvePlan } from '../../../src/plan/drift/evolve-plan.ts';
import { hasDrifted } from '../../../src/plan/drift/has-drifted.ts';
import { ignoreDrift } from '../../../src/plan/drift/ignore-drift.ts';
import { judgeDrift, type LastRun } from '../../../src/plan/drift/judge-drift.ts';
import { serverColumns, tableColumns } from '../../../src/plan/drift/server-columns.ts';
import { receiptSchema } from '../../../src/plan/receipt-schema.ts';
import { type Column, plannedTable } from './planned-table.ts';
import { serverType } from './server-types.ts';

const int = serverType('integer');
const bigint = serverType('bigint');
const text = serverType('text');
const numeric = serverType('numeric', { sql: 'numeric(9,2)', precision: 9, scale: 2 });
const varchar = (length: number) => serverType('varchar', { sql: `character varying(${length})`, length });

const OWN = { features: '*' };
const DECLARED = {
  features: [
    { name: 'id', type: 'int32' },
    { name: 'v', type: 'string' },
  ],
};

/** What a run does about drift: its plan, and what it records. */
function examine(
  plan: DatasetPlan,
  last: LastRun | null,
): { readonly plan: DatasetPlan; readonly drift: Drift | null } {
  const verdict = judgeDrift(plan, tableColumns(plan.source), last);
  if (plan.onDrift === 'evolve') return evolvePlan({ plan, verdict, last, profiles: [] });
  return { plan, drift: ignoreDrift(plan, verdict) };
}

/** The receipt of a run that published this. */
function published({ plan, drift }: ReturnType<typeof examine>, run = 'R1'): LastRun {
  const columnTypes = serverColumns(plan.source);
  const columns = columnTypes.map(({ name }) => name);
  const taken = new Set(plan.source.features.map(({ from }) => from));
  const ignored = columns.filter((name) => !taken.has(name));
  return { run, schema: receiptSchema(plan), columns, columnTypes, ignored, drift };
}

interface Case {
  readonly source: object;
  readonly on_drift: 'fail' | 'evolve' | 'ignore';
  readonly before: readonly Column[];
  readonly now: readonly Column[];
}

function second({ source, on_drift, before, now }: Case): ReturnType<typeof examine> {
  const dataset = { on_drift };
  const last = published(examine(plannedTable({ source, dataset, columns: before }), null));
  return examine(plannedTable({ source, dataset, columns: now }), last);
}

function refusal(wanted: Case): AtlasError {
  try {
    second(wanted);
  } catch (error) {
    if (error instanceof AtlasError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const shape = ({ plan }: ReturnType<typeof examine>): readonly string[] =>
  receiptSchema(plan).map(({ name, type, nullable }) => `${name} ${type}${nullable ? '' : ' not null'}`);

const BASE: readonly Column[] = [
  ['id', int, 'not null'],
  ['v', text],
];

describe('fail', () => {
  const on_drift = 'fail';

  test.each([
    ['the same', BASE],
    ['another order', [...BASE].reverse()],
    ['less may be null', [BASE[0], ['v', text, 'not null']]],
  ] as const)('%s is no drift', (_name, now) => {
    const { drift } = second({ source: OWN, on_drift, before: BASE, now: now as readonly Column[] });
    expect(drift).toBeNull();
  });

  test('text that may be longer is no other type', () => {
    const before: readonly Column[] = [['v', varchar(9)]];
    expect(second({ source: OWN, on_drift, before, now: [['v', varchar(99)]] }).drift).toBeNull();
    expect(second({ source: OWN, on_drift, before, now: [['v', text]] }).drift).toBeNull();
  });

  test.each([
    ['new', [...BASE, ['w', int]], 'column "w" is new since run R1'],
    ['gone', [BASE[0]], 'column "v" is gone since run R1'],
    ['retyped', [['id', bigint, 'not null'], BASE[1]], 'column "id" was integer in run R1 and is bigint'],
    ['loosened', [['id', int], BASE[1]], 'column "id" may be null since run R1'],
  ] as const)("the table's own columns: one that is %s", (_name, now, message) => {
    const error = refusal({ source: OWN, on_drift, before: BASE, now: now as readonly Column[] });
    expect(error).toMatchObject({ code: 'ATLAS_DRIFT_FOUND' });
    expect(error.message).toContain(message);
  });

  test('declared features: new columns would be lost, and types count where one is taken', () => {
    const before: readonly Column[] = [...BASE, ['w', int]];
    expect(refusal({ source: DECLARED, on_drift, before, now: [...before, ['x', int]] }).message).toContain(
      '"x" is new',
    );
    expect(refusal({ source: DECLARED, on_drift, before, now: BASE }).message).toContain('"w" is gone');
    const retyped: readonly Column[] = [['id', bigint, 'not null'], ...before.slice(1)];
    expect(refusal({ source: DECLARED, on_drift, before, now: retyped }).message).toContain('"id" was integer');
    // nobody reads w
    const { drift } = second({ source: DECLARED, on_drift, before, now: [...BASE, ['w', bigint]] });
    expect(drift).toMatchObject({ retyped: [{ name: 'w', before: 'integer', after: 'bigint' }] });
  });

  test('what may be null now fails where its feature must not be', () => {
    const now: readonly Column[] = [
      ['id', int],
      ['v', text],
    ];
    const strict = { features: [{ name: 'id', type: 'int32', nullable: false }] };
    const before: readonly Column[] = [
      ['id', int, 'not null'],
      ['v', text],
    ];
    expect(refusal({ source: strict, on_drift, before, now }).message).toContain('"id" may be null since run R1');
    const { drift } = second({ source: DECLARED, on_drift, before, now });
    expect(drift).toMatchObject({ loosened: ['id'], notes: ['column "id" may be null since run R1'] });
  });
});

describe('evolve', () => {
  const on_drift = 'evolve';

  test('declared features are followed by new columns, which may be null', () => {
    const now: readonly Column[] = [
      ['new', numeric, 'not null'],
      ...BASE,
      ['span', serverType('int4range', { kind: 'range' })],
    ];
    const evolved = second({ source: DECLARED, on_drift, before: BASE, now });
    expect(shape(evolved)).toEqual(['id int32', 'v string', 'new decimal(9,2)']);
    expect(evolved.plan.source).toMatchObject({
      columns: [{ expression: '"id"' }, {}, { expression: '"new"', wire: { form: 'numeric' } }],
    });
    expect(evolved.drift).toMatchObject({ added: ['new'], appeared: ['new', 'span'] });
    expect(evolved.drift?.notes).toContain(
      'column "span" is new since run R1: no feature can hold its type, and it is not added',
    );
  });

  test('a column that an earlier run added stays, null where it is gone', () => {
    const first = second({ source: DECLARED, on_drift, before: BASE, now: [...BASE, ['w', int]] });
    const last = published(first, 'R2');
    const again = examine(
      plannedTable({ source: DECLARED, dataset: { on_drift }, columns: [...BASE, ['w', int]] }),
      last,
    );
    expect(shape(again)).toEqual(shape(first));
    expect(hasDrifted(again.drift, last.drift ?? null)).toBe(false);
    const gone = examine(plannedTable({ source: DECLARED, dataset: { on_drift }, columns: BASE }), last);
    expect(shape(gone)).toEqual(shape(first));
    expect(gone.plan.source).toMatchObject({ columns: [{}, {}, null] });
    expect(gone.plan.hash).not.toBe(again.plan.hash);
  });

  test('types are widened where their column is another, and stay so', () => {
    const now: readonly Column[] = [
      ['id', bigint, 'not null'],
      ['v', text],
    ];
    const evolved = second({ source: DECLARED, on_drift, before: BASE, now });
    expect(shape(evolved)).toEqual(['id int64', 'v string']);
    expect(evolved.drift).toMatchObject({ widened: [{ name: 'id', declared: 'int32', type: 'int64' }] });
    expect(evolved.plan.source).toMatchObject({ columns: [{ wire: { form: 'int', bytes: 8 } }, {}] });
    const again = examine(plannedTable({ source: DECLARED, dataset: { on_drift }, columns: BASE }), published(evolved));
    expect(shape(again)).toEqual(['id int64', 'v string']);
    expect(again.plan.source).toMatchObject({ columns: [{ wire: { form: 'int', bytes: 4 } }, {}] });
  });

  test("a declared type narrower than its column is the document's choice, a coarser one is widened", () => {
    const features = [
      { name: 'a', type: 'int32' },
      { name: 'b', type: 'timestamp' },
      { name: 'c', type: 'decimal(20,1)' },
    ];
    const columns: readonly Column[] = [
      ['a', bigint],
      ['b', serverType('timestamp')],
      ['c', numeric],
    ];
    const evolved = examine(plannedTable({ source: { features }, dataset: { on_drift }, columns }), null);
    expect(shape(evolved)).toEqual(['a int32', 'b timestamp(us)', 'c decimal(21,2)']);
  });

  test('what cannot be widened is refused as it would be without', () => {
    const features = [{ name: 'a', type: 'date' }];
    const plan = plannedTable({
      source: { features },
      dataset: { on_drift },
      columns: [['a', serverType('timestamp')]],
    });
    expect(() => examine(plan, null)).toThrow('finer than date');
  });

  test("the table's own columns: in the order of before, new ones behind them and nullable, gone ones null", () => {
    const before: readonly Column[] = [
      ['id', int, 'not null'],
      ['v', text],
      ['w', int],
    ];
    const now: readonly Column[] = [
      ['new', text, 'not null'],
      ['v', text],
      ['id', bigint, 'not null'],
    ];
    const evolved = second({ source: OWN, on_drift, before, now });
    expect(shape(evolved)).toEqual(['id int64 not null', 'v string', 'w int32', 'new string']);
    expect(evolved.plan.source).toMatchObject({
      columns: [{ expression: '"id"' }, { expression: '"v"' }, null, { expression: '"new"' }],
    });
    expect(evolved.drift).toMatchObject({ added: ['new'], gone: ['w'], missing: ['w'] });
    const again = examine(plannedTable({ source: OWN, dataset: { on_drift }, columns: now }), published(evolved, 'R2'));
    expect(shape(again)).toEqual(shape(evolved));
    expect(hasDrifted(again.drift, evolved.drift)).toBe(false);
  });

  test("the table's own columns: one that had to be there cannot be gone, text cannot become a number", () => {
    const wanted = { source: OWN, on_drift, before: BASE } as const;
    expect(refusal({ ...wanted, now: [['v', text]] })).toMatchObject({ code: 'ATLAS_DRIFT_IMPOSSIBLE' });
    expect(
      refusal({
        ...wanted,
        now: [
          ['id', int],
          ['v', int],
        ],
      }),
    ).toMatchObject({ code: 'ATLAS_DRIFT_IMPOSSIBLE' });
  });
});

describe('ignore', () => {
  const on_drift = 'ignore';

  test('declared features: new columns are left alone, missing ones read as null', () => {
    const ignored = second({ source: DECLARED, on_drift, before: BASE, now: [BASE[0] as Column, ['w', int]] });
    expect(shape(ignored)).toEqual(['id int32', 'v string']);
    expect(ignored.plan.source).toMatchObject({ columns: [{ expression: '"id"' }, null] });
    expect(ignored.drift).toMatchObject({ appeared: ['w'], gone: ['v'], missing: ['v'] });
    expect(ignored.drift?.notes).toContain('column "v" is gone since run R1: v reads as null');
  });

  test('a column that never was is a mistake', () => {
    const plan = plannedTable({ source: DECLARED, dataset: { on_drift }, columns: [['id', int]] });
    expect(() => examine(plan, null)).toThrow(expect.objectContaining({ code: 'ATLAS_DB_COLUMN_MISSING' }));
  });

  test("the table's own columns are those of now", () => {
    const now: readonly Column[] = [
      ['id', bigint],
      ['w', int],
    ];
    const ignored = second({ source: OWN, on_drift, before: BASE, now });
    expect(shape(ignored)).toEqual(['id int64', 'w int32']);
    expect(ignored.drift).toMatchObject({ appeared: ['w'], gone: ['v'], loosened: ['id'] });
  });
});
