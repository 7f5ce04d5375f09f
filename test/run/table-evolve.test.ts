import { expect, it } from 'vitest';
import { askForRows } from '../services/clickhouse/ask-clickhouse.ts';
import { describeWithClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../services/clickhouse/make-clickhouse-database.ts';
import { Project } from './project.ts';

const TABLE =
  'CREATE TABLE t (id Int32, day Date, name String) ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY day';
const OLD = "INSERT INTO t VALUES (1, '2024-01-01', 'old'), (2, '2024-02-01', 'older')";
const ROWS = 'id,day,name,extra\n5000000000,2024-02-02,new,1.50\n4,2024-03-01,,\n9,2200-01-01,far,2\n';
const SELECT = 'SELECT toString(id) AS id, toString(day) AS day, name, toString(extra) AS extra FROM t ORDER BY t.id';

describeWithClickhouse('a table whose columns differ from the features', (clickhouse) => {
  it.each([
    ['shared', 'fail'],
    ['shared', 'evolve'],
    ['exclusive', 'evolve'],
  ] as const)('of a %s writer, on_drift %s', async (writer, onDrift) => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const { url, user, password } = clickhouse();
    const ask = (sql: string) => askForRows({ ...clickhouse(), database: database.name }, sql);
    await ask(TABLE);
    await ask(OLD);
    using project = new Project();
    project.write('t.csv', ROWS);
    const features = [
      { name: 'id', type: 'bigint', nullable: false },
      { name: 'day', type: 'date', nullable: false },
      { name: 'name', type: 'string' },
      { name: 'extra', type: 'decimal(9,2)' },
    ];
    const destination = { type: 'clickhouse', connection: 'olap', table: 't', mode: 'append' };
    const rest = { on_error: 'reject', max_rejects: 1, on_drift: onDrift };
    project.declare([{ name: 't', source: { type: 'csv', path: 't.csv', features }, destination, ...rest }], {
      olap: { type: 'clickhouse', url, user, password, database: database.name, writer },
    });
    const receipt = await project.load();
    if (onDrift === 'fail') {
      expect(receipt.error).toMatchObject({ code: 'ATLAS_CH_COLUMNS' });
      for (const name of ['id', 'name', 'extra']) expect(receipt.error?.message).toContain(name);
      expect(receipt.rows).toMatchObject({ read: 0, published: 0 });
      expect(await ask('SELECT count() AS n FROM t')).toEqual([{ n: '2' }]);
      expect(
        await ask("SELECT name, type FROM system.columns WHERE table = 't' AND database = currentDatabase()"),
      ).toEqual([
        { name: 'id', type: 'Int32' },
        { name: 'day', type: 'Date' },
        { name: 'name', type: 'String' },
      ]);
      return;
    }
    expect(receipt.error).toBeNull();
    expect(receipt.rows).toMatchObject({ read: 3, published: 2, rejected: 1 });
    // what the table's own column cannot hold is a bad row, not another date
    expect(receipt.rejects.byCode).toEqual([{ code: 'ATLAS_CAST_RANGE', column: 'day', count: 1 }]);
    expect(await ask(SELECT)).toEqual([
      { id: '1', day: '2024-01-01', name: 'old', extra: null },
      { id: '2', day: '2024-02-01', name: 'older', extra: null },
      { id: '4', day: '2024-03-01', name: null, extra: null },
      { id: '5000000000', day: '2024-02-02', name: 'new', extra: '1.5' },
    ]);
    expect(
      await ask("SELECT name, type FROM system.columns WHERE table = 't' AND database = currentDatabase()"),
    ).toEqual([
      { name: 'id', type: 'Int64' },
      { name: 'day', type: 'Date' },
      { name: 'name', type: 'Nullable(String)' },
      { name: 'extra', type: 'Nullable(Decimal(9, 2))' },
    ]);
    project.write('t.csv', 'id,day,name,extra\n10,2024-03-02,again,3\n');
    expect((await project.load()).rows).toMatchObject({ published: 1 });
    expect((await ask(SELECT)).length).toBe(5);
    const left = await ask(
      "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%atlas_stage%'",
    );
    expect(left).toEqual([]);
  });
});
