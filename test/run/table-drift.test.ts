import { expect, it } from 'vitest';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { query } from './duck.ts';
import { TableProject } from './table-project.ts';

interface Bed {
  readonly connection: { readonly type: string };
  readonly retype: string;
  ask(sql: string): Promise<unknown>;
}

/** A table changes between runs; what every `on_drift` makes of it. */
async function followDrift({ connection, retype, ask }: Bed): Promise<void> {
  using project = new TableProject();
  const load = async (on_drift: string, features: unknown = '*') => {
    const dataset = {
      name: 'a',
      source: { type: connection.type, connection: 'shop', table: 't', features },
      destination: { type: 'parquet', path: 'out/a.parquet' },
      on_drift,
    };
    const [receipt] = await project.loadTables([dataset], connection);
    return receipt as NonNullable<typeof receipt>;
  };
  const rows = () => query(`FROM read_parquet('${project.path('out/a.parquet')}') ORDER BY id`);
  await ask('CREATE TABLE t (id int NOT NULL PRIMARY KEY, v varchar(9), w int)');
  await ask("INSERT INTO t VALUES (1, 'x', 7), (2, NULL, NULL)");
  const first = await load('fail');
  expect(first).toMatchObject({ outcome: 'published', columns: ['id', 'v', 'w'], drift: null });
  expect(first.columnTypes?.map(({ name, nullable }) => [name, nullable])).toEqual([
    ['id', false],
    ['v', true],
    ['w', true],
  ]);

  await ask('ALTER TABLE t ADD COLUMN z decimal(9,2)');
  await ask(retype);
  await ask('UPDATE t SET z = 1.50, w = 3000000000 WHERE id = 1');
  expect(await load('fail')).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_DRIFT_FOUND' } });
  expect(await load('evolve')).toMatchObject({ outcome: 'published', drift: { added: ['z'], appeared: ['z'] } });
  expect(await rows()).toEqual([
    [1, 'x', '3000000000', '1.50'],
    [2, null, null, null],
  ]);

  await ask('ALTER TABLE t DROP COLUMN v');
  expect(await load('fail')).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_DRIFT_FOUND' } });
  expect(await load('evolve')).toMatchObject({ outcome: 'published', drift: { gone: ['v'], missing: ['v'] } });
  expect(await rows()).toEqual([
    [1, null, '3000000000', '1.50'],
    [2, null, null, null],
  ]);
  expect(await load('ignore')).toMatchObject({ outcome: 'published' });
  expect(await rows()).toEqual([
    [1, '3000000000', '1.50'],
    [2, null, null],
  ]);
}

describeWithPostgres('a table of PostgreSQL changes between runs', (postgres) => {
  it('and is followed, or refused', async () => {
    await using database = await makePostgresDatabase(postgres());
    const { host, port, user, password } = postgres();
    await followDrift({
      connection: { type: 'postgresql', host, port, user, password, database: database.name } as Bed['connection'],
      retype: 'ALTER TABLE t ALTER COLUMN w TYPE bigint',
      ask: (sql) => database.query(sql),
    });
  });
});

describeWithMariadb('a table of MariaDB changes between runs', (mariadb) => {
  it('and is followed, or refused', async () => {
    await using database = await makeMariadbDatabase(mariadb());
    const { host, port, user, password } = mariadb();
    await followDrift({
      connection: { type: 'mysql', host, port, user, password, database: database.name } as Bed['connection'],
      retype: 'ALTER TABLE t MODIFY w bigint',
      ask: (sql) => database.query(sql),
    });
  });
});
