import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli } from '../cli/cli.ts';
import { Project } from '../run/project.ts';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, GRANTS = ''] = /<!-- grants -->([\s\S]*)<!-- \/grants -->/.exec(README) ?? [];
const [FOR_POSTGRES = '', FOR_MYSQL = ''] = [...GRANTS.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);

/** Loads all tables of a schema as a user who was granted what the README says. */
async function loadAll(url: string, user: string, table: string) {
  const { hostname, port, pathname, protocol } = new URL(url);
  const type = protocol.slice(0, -1);
  using project = new Project();
  const shop = { type, host: hostname, port, database: pathname.slice(1), user, password: '${SHOP}' };
  const all = {
    name: 'all',
    source: { type, connection: 'shop', table, features: '*', verify_count: true },
    destination: { type: 'parquet', path: 'out/{{ table }}.parquet' },
  };
  project.declare([all], { shop });
  const env = { SHOP: 'a word' };
  const tried = await cli(['doctor', '--ocs', 'g'], { cwd: project.root, env });
  expect(tried.status, tried.stdout).toBe(0);
  const ran = await cli(['run', '--ocs', 'g', '--json'], { cwd: project.root, env });
  expect(ran.status, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout).datasets;
}

const EXPECTED = [
  { dataset: 'all.big', rows: { published: 1 } },
  { dataset: 'all.orders', rows: { published: 2 } },
];

describeWithPostgres('the least grants on PostgreSQL', (postgres) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(
      `CREATE TABLE orders (id bigint); INSERT INTO orders VALUES (1), (2); CREATE VIEW big AS SELECT id FROM orders WHERE id > 1`,
    );
  });
  afterAll(async () => {
    const user = database.name;
    await database.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
    await database[Symbol.asyncDispose]();
  });

  it('are those of the README', async () => {
    expect(FOR_POSTGRES).toContain('GRANT SELECT');
    const sql = FOR_POSTGRES.replaceAll('etl', database.name)
      .replaceAll('shop', database.name)
      .replaceAll('…', 'a word');
    await database.query(sql);
    expect(await loadAll(database.url, database.name, 'public.*')).toMatchObject(EXPECTED);
  });
});

describeWithMariadb('the least grants on MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(
      `CREATE TABLE orders (id BIGINT PRIMARY KEY); INSERT INTO orders VALUES (1), (2); CREATE VIEW big AS SELECT id FROM orders WHERE id > 1`,
    );
  });
  afterAll(async () => {
    await database.query(`DROP USER IF EXISTS ${database.name}`);
    await database[Symbol.asyncDispose]();
  });

  it('are those of the README', async () => {
    expect(FOR_MYSQL).toContain('GRANT SELECT');
    const sql = FOR_MYSQL.replaceAll('etl', database.name).replaceAll('books', database.name).replaceAll('…', 'a word');
    await database.query(sql);
    expect(await loadAll(database.url, database.name, `${database.name}.*`)).toMatchObject(EXPECTED);
  });
});
