import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf, Project } from './project.ts';

const nasty = ['a/b', 'ü x', 'n%n', 'a=b', "it's", 'tab\there', 'C:\\dir', '日本', '..', '.'];

function project(partitionBy: readonly string[], more: object = {}, slice = 400): Project {
  const types = {
    id: 'int32',
    year: 'int16',
    day: 'date',
    price: 'decimal(5,2)',
    flag: 'boolean',
    city: 'string',
    text: 'string',
  };
  return new Project([
    datasetOf('t', types, {
      source: { slice_bytes: slice },
      destination: { path: 'out/t/', partition_by: partitionBy, ...more },
    }),
  ]);
}

function rowsOf(count: number): string {
  const lines = Array.from({ length: count }, (_, id) => {
    const city = id % 11 === 10 ? '' : `"${nasty[id % 10]}"`;
    const flag = ['true', 'false', ''][id % 3];
    return `${id},${id % 4 === 0 ? '' : 2020 + (id % 3)},2024-02-${10 + (id % 2)},${(id % 5) - 2}.50,${flag},${city},text ${id}`;
  });
  return `id,year,day,price,flag,city,text\n${lines.join('\n')}\n`;
}

const SOURCE = `read_csv('$csv', header = true, columns = {'id': 'INTEGER', 'year': 'VARCHAR', 'day': 'VARCHAR', 'price': 'VARCHAR',
  'flag': 'VARCHAR', 'city': 'VARCHAR', 'text': 'VARCHAR'})`;

it.each([[['city']], [['year', 'city']], [['day', 'flag']], [['price']]])(
  'DuckDB reads every row back where %j are folders, whatever the workers',
  async (partitionBy) => {
    using it = project(partitionBy, { row_group_rows: 7 });
    it.write('t.csv', rowsOf(300));
    const sums = new Set<string>();
    for (const workers of [1, 3]) {
      it.write(`out${workers}/.keep`, '');
      it.declare([
        {
          ...JSON.parse(it.read('metadata/g.json').toString()).dataset_config[0],
          destination: { type: 'parquet', path: `out${workers}/t/`, partition_by: partitionBy, row_group_rows: 7 },
        },
      ]);
      const receipt = await it.load({ workers });
      expect(receipt.error).toBeNull();
      expect(receipt.rows).toMatchObject({ read: 300, published: 300 });
      sums.add(createHash('sha256').update(JSON.stringify(receipt.files)).digest('hex'));
    }
    expect(sums.size).toBe(1);
    const text = (name: string) => (name === 'id' || name === 'text' ? name : `${name}::VARCHAR AS ${name}`);
    const columns = ['id', 'year', 'day', 'price', 'flag', 'city', 'text'].map(text).join(', ');
    const parquet = `SELECT ${columns} FROM read_parquet('${it.path('out1/t')}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false)`;
    const csv = `SELECT ${columns} FROM ${SOURCE.replace('$csv', it.path('t.csv'))}`;
    expect(await query(`(${parquet}) EXCEPT ALL (${csv})`)).toEqual([]);
    expect(await query(`(${csv}) EXCEPT ALL (${parquet})`)).toEqual([]);
  },
);

it('keeps the order of rows within a partition', async () => {
  using it = project(['flag']);
  it.write('t.csv', rowsOf(200));
  await it.load({ workers: 2 });
  const file = `${it.path('out/t/flag=true')}/part-00000.parquet`;
  const ids = (
    await query(`SELECT id FROM read_parquet('${file}', file_row_number = true) ORDER BY file_row_number`)
  ).flat();
  expect(ids).toEqual(Array.from({ length: 67 }, (_, at) => at * 3));
});

it('refuses a value that cannot name a folder, publishing nothing', async () => {
  for (const value of ['""', '__HIVE_DEFAULT_PARTITION__', 'x'.repeat(300)]) {
    using it = project(['city']);
    it.write('t.csv', `id,year,day,price,flag,city,text\n1,,2024-01-01,1.00,true,${value},x\n`);
    const receipt = await it.load();
    expect(receipt.error).toMatchObject({ code: 'ATLAS_PARTITION_VALUE' });
    expect(receipt.error?.message).not.toContain('xxx');
    expect(it.list('out')).toEqual([]);
  }
});

it('refuses more partitions than a run may hold', async () => {
  using it = project(['text'], {}, 1_000_000);
  it.write('t.csv', rowsOf(4200));
  expect((await it.load()).error?.code).toBe('ATLAS_PARTITIONS');
  expect(it.list('out')).toEqual([]);
});
