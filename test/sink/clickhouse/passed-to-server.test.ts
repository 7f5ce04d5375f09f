import { afterAll, beforeAll, expect, it } from 'vitest';
import { Project } from '../../run/project.ts';
import { askForRows } from '../../services/clickhouse/ask-clickhouse.ts';
import { describeWithClickhouse } from '../../services/clickhouse/describe-with-clickhouse.ts';
import { type ClickhouseDatabase, makeClickhouseDatabase } from '../../services/clickhouse/make-clickhouse-database.ts';
import { duckdb } from '../../source/parquet/parquet-bed.ts';

describeWithClickhouse('Parquet files that go to a server as they are', (clickhouse) => {
  let database: ClickhouseDatabase;
  beforeAll(async () => {
    database = await makeClickhouseDatabase(clickhouse());
  });
  afterAll(async () => database?.[Symbol.asyncDispose]());

  it('are there, row by row, in as many blocks as they need', async () => {
    using project = new Project();
    const { url, user, password } = clickhouse();
    const select = "SELECT i, 'x' || i AS s, DATE '1900-01-01' + (i % 9000)::INT AS d FROM range(100000) r(i)";
    await duckdb(`COPY (${select}) TO '${project.path('in.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 20480)`);
    const features = [
      { name: 'i', type: 'bigint', nullable: false },
      { name: 's', type: 'string' },
      { name: 'd', type: 'date' },
    ];
    const source = { type: 'parquet', path: 'in.parquet', features };
    const destination = { type: 'clickhouse', connection: 'olap', table: 't', order_by: ['i'], mode: 'overwrite' };
    const olap = { type: 'clickhouse', url, user, password, database: database.name };
    project.declare([{ name: 'x', source, destination }], { olap });
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(receipt.rows).toMatchObject({ published: 100_000 });
    expect(project.events.map((event) => (event.type === 'note' ? event.message : '')).join()).toContain('handed on');
    const sql = `SELECT count() AS n, sum(i) AS sum, countIf(s = concat('x', toString(i))) AS same, toString(max(d)) AS d FROM ${database.name}.t`;
    expect(await askForRows(clickhouse(), sql)).toEqual([
      { n: '100000', sum: '4999950000', same: '100000', d: '1924-08-22' },
    ]);
  });
});
