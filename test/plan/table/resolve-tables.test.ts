import { describe, expect, it } from 'vitest';
import type { TableDescription, TableRequest } from '../../../src/flow/table-description.ts';
import { parseGroup } from '../../../src/metadata/parse-group.ts';
import { selectDatasets } from '../../../src/metadata/select-datasets.ts';
import { planGroup } from '../../../src/plan/plan-group.ts';
import { resolveTables } from '../../../src/plan/table/resolve-tables.ts';

const through = { signal: new AbortController().signal };

const COLUMN = { precision: null, scale: null, length: null, unsigned: false, charset: null, kind: 'base' } as const;

function describedAs(relation: TableDescription['relation'], ...names: string[]): TableDescription {
  return {
    server: 'PostgreSQL 17.0',
    kind: relation === null ? 'query' : 'table',
    relation,
    columns: names.map((name) => ({
      name,
      type: { ...COLUMN, name: 'bigint', sql: 'bigint' },
      nullable: true,
      comment: null,
    })),
    primaryKey: [],
    estimatedRows: null,
    estimatedBytes: null,
  };
}

async function resolved(source: object, path: string, tables: readonly string[] = [], names: readonly string[] = []) {
  const document = {
    ocs: 'g',
    connections: { shop: { type: 'postgresql', host: 'db', database: 'd' } },
    dataset_config: [
      {
        name: 'file',
        source: { type: 'csv', path: 'a.csv', features: [{ name: 'x', type: 'int' }] },
        destination: { type: 'parquet', path: 'x.parquet' },
      },
      {
        name: 'shop',
        source: { type: 'postgresql', connection: 'shop', ...source },
        destination: { type: 'parquet', path },
      },
    ],
  };
  const { group, problems } = parseGroup(JSON.stringify(document), 'g.json', {
    variables: {},
    files: new Map(),
    connections: [],
  });
  if (group === null) throw new Error(JSON.stringify(problems));
  const asked: TableRequest[] = [];
  const catalogues = {
    describe: async (_name: string, request: TableRequest) => {
      asked.push(request);
      const { relation } = request;
      return describedAs(relation && { schema: relation.schema ?? 'public', name: relation.name }, 'id', 'v');
    },
    list: async (_name: string, schema: string | null) => tables.map((name) => ({ schema: schema ?? 'public', name })),
  };
  const found = await resolveTables(
    { group, datasets: selectDatasets(group, names), names, variables: { ds: '7' }, catalogues },
    through,
  );
  const plans = planGroup(group, found.datasets, { root: '/p', variables: { ds: '7' }, described: found.described });
  return { asked, plans };
}

describe('tables of a group', () => {
  it('one is described once, by its name with run variables filled in, and keeps its dataset', async () => {
    const { asked, plans } = await resolved({ table: 'sales.t{{ ds }}', features: '*' }, 'o.parquet');
    expect(asked).toEqual([{ relation: { schema: 'sales', name: 't7' }, query: null }]);
    expect(plans.map(({ dataset }) => dataset)).toEqual(['file', 'shop']);
    expect(plans[1]?.source).toMatchObject({
      path: 'postgresql://shop/sales.t7',
      features: [{ name: 'id' }, { name: 'v' }],
      columns: [{ expression: '"id"', wire: { form: 'int', bytes: 8, signed: true } }, { expression: '"v"' }],
    });
  });

  it('all of a schema are one dataset each, but for those that are left out', async () => {
    const source = { table: 'public.*', exclude: ['public.tmp_*'], features: '*' };
    const { plans } = await resolved(source, 'out/{{ table }}.parquet', ['a', 'tmp_b', 'c.d']);
    expect(plans.map(({ dataset }) => dataset)).toEqual(['file', 'shop.a', 'shop.c%2Ed']);
    expect(plans.map(({ destination }) => destination.path)).toEqual([
      '/p/x.parquet',
      '/p/out/a.parquet',
      '/p/out/c%2Ed.parquet',
    ]);
    expect(plans[2]?.source.path).toBe('postgresql://shop/public."c.d"');
  });

  it('one of them can be asked for, and one that is not there is told', async () => {
    const source = { table: 'public.*', features: '*' };
    const { plans } = await resolved(source, 'out/{{ table }}.parquet', ['a', '../b'], ['shop.%2E%2E%2Fb']);
    expect(plans.map(({ destination }) => destination.path)).toEqual(['/p/out/%2E%2E%2Fb.parquet']);
    await expect(resolved(source, 'out/{{ table }}.parquet', ['a', 'b'], ['shop.c'])).rejects.toMatchObject({
      code: 'ATLAS_USAGE',
      message: expect.stringContaining('shop has no such table'),
    });
  });

  it('none of a schema is an error that says how many there were', async () => {
    const source = { table: 'public.*', exclude: ['*'], features: '*' };
    await expect(resolved(source, 'out/{{ table }}.parquet', ['a', 'b'])).rejects.toMatchObject({
      code: 'ATLAS_DB_TABLE_MISSING',
      message: expect.stringContaining('2, all of which are excluded'),
    });
  });

  it('a query is described with its values apart, and run variables are no part of the SQL', async () => {
    const { asked, plans } = await resolved(
      { query: 'SELECT * FROM t WHERE d = {{ ds }};', features: '*' },
      'o.parquet',
    );
    const query = { pieces: ['SELECT * FROM t WHERE d = ', ''], values: ['7'] };
    expect(asked).toEqual([{ relation: null, query }]);
    expect(plans[1]?.source).toMatchObject({ path: 'postgresql://shop/(query)', query });
  });

  it('a column that is not there is named beside those that are', async () => {
    const source = { table: 't', features: [{ name: 'vv', type: 'bigint' }], split_by: 'idd' };
    await expect(resolved(source, 'o.parquet')).rejects.toMatchObject({
      problems: [
        {
          code: 'ATLAS_DB_COLUMN_MISSING',
          message: expect.stringContaining('public.t has no column "vv"; it has id, v'),
        },
        {
          code: 'ATLAS_DB_COLUMN_MISSING',
          message: expect.stringContaining('"idd"'),
          hint: expect.stringContaining('id'),
        },
      ],
    });
  });
});
