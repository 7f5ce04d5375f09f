import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InitOptions } from '../../src/cli/init-options.ts';
import { Project } from '../run/project.ts';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { cli } from './cli.ts';
import { initIn } from './init-bed.ts';

/** A document without its comments. */
function parsed(document: string) {
  return JSON.parse(document.replaceAll(/^\s*\/\/.*$/gm, ''));
}

const names = (document: string): string[] => parsed(document).dataset_config.map(({ name }: { name: string }) => name);

function passwordOf(url: string): string {
  return decodeURIComponent(new URL(url).password);
}

describeWithPostgres('init of a PostgreSQL', (postgres) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(`
      CREATE TYPE mood AS ENUM ('good', 'bad');
      CREATE TABLE orders (id bigint PRIMARY KEY, amount numeric(12,2), at timestamptz NOT NULL, feels mood, "odd "" name" text);
      COMMENT ON COLUMN orders.amount IS 'in euros';
      INSERT INTO orders VALUES (1, 1.50, '2024-01-01Z', 'good', 'x'), (2, NULL, '2024-01-02Z', NULL, NULL);
      CREATE TABLE places (id int, at point, during int4range);
      CREATE VIEW big AS SELECT id FROM orders WHERE id > 1;`);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('writes one table down, column by column, and the password never', async () => {
    using project = new Project();
    const { document, said } = await initIn(project, [database.url], { tables: ['orders'] });
    const { connections, dataset_config: datasets } = parsed(document);
    const [name = ''] = Object.keys(connections);
    const variable = `${name.toUpperCase()}_PASSWORD`;
    expect(connections[name]).toMatchObject({
      type: 'postgresql',
      database: database.name,
      password: `\${${variable}}`,
    });
    expect(datasets).toEqual([
      {
        name: 'orders',
        source: {
          type: 'postgresql',
          connection: name,
          table: 'public.orders',
          features: [
            { name: 'id', type: 'bigint', nullable: false },
            { name: 'amount', type: 'decimal(12,2)' },
            { name: 'at', type: 'timestamptz(us)', nullable: false },
            { name: 'feels', type: 'string' },
            { name: 'odd " name', type: 'string' },
          ],
        },
        destination: { type: 'parquet', path: 'out/orders.parquet' },
        on_empty: 'publish',
      },
    ]);
    expect(document).toContain('// in euros');
    expect(said).toContain(`set ${variable}`);
    expect(document + said).not.toContain(passwordOf(database.url));
  });

  it('what it writes runs as it stands', async () => {
    using project = new Project();
    const args = ['init', database.url, '--table', 'orders', 'big', '--ocs', 'shop', '--metadata', 'metadata'];
    const written = await cli(args, { cwd: project.root });
    expect(written).toMatchObject({ status: 0, stdout: '' });
    const document = readFileSync(project.path('metadata/shop.jsonc'), 'utf8');
    const [name = ''] = Object.keys(parsed(document).connections);
    const env = { [`${name.toUpperCase()}_PASSWORD`]: passwordOf(database.url) };
    const ran = await cli(['run', '--ocs', 'shop', '--json'], { cwd: project.root, env });
    expect(ran.status, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout).datasets).toMatchObject([
      { dataset: 'orders', rows: { read: 2, published: 2 } },
      { dataset: 'big', rows: { read: 1, published: 1 } },
    ]);
  });

  it('a whole schema is one dataset; tables that need more than that are left out by name', async () => {
    using project = new Project();
    const { document, said } = await initIn(project, [database.url]);
    expect(parsed(document).dataset_config).toMatchObject([
      {
        name: 'public',
        source: { table: 'public.*', exclude: ['public.places'], features: '*' },
        destination: { path: 'out/public/{{ table }}.parquet' },
      },
    ]);
    expect(said).toContain('public.places is left out: at is point, during is int4range');
    expect(said).toContain('2 of 3 tables of public');
  });

  it('several tables and a schema at once, with names of their own', async () => {
    using project = new Project();
    const { document } = await initIn(project, [database.url], { tables: ['orders', 'public.*'], name: 'sales' });
    expect(names(document)).toEqual(['sales', 'public']);
  });

  it.each([
    [['nowhere.orders'], 'ATLAS_DB_TABLE_MISSING'],
    [['orders', 'ordrs'], 'ATLAS_DB_TABLE_MISSING'],
    [['nowhere.*'], 'ATLAS_DB_TABLE_MISSING'],
    [['a..b'], 'ATLAS_USAGE'],
  ])('%j is refused with %s', async (tables, code) => {
    using project = new Project();
    const { refused, document } = await initIn(project, [database.url], { tables });
    expect(refused).toMatchObject({ code });
    expect(document).toBe('');
  });

  it('says of a wrong password that it is wrong, and never which it was', async () => {
    using project = new Project();
    const url = database.url.replace(/:[^:@/]+@/, ':hunter2@');
    const { refused } = await initIn(project, [url]);
    expect(refused?.code).toBe('ATLAS_DB_AUTH');
    expect(JSON.stringify([refused?.message, refused?.hint, String(refused?.cause)])).not.toContain('hunter2');
  });

  it('refuses files beside it, keys of files, and --table without it', async () => {
    using project = new Project();
    project.write('a.csv', 'x\n1\n');
    const given = { given: { header: true } } satisfies Partial<InitOptions>;
    expect((await initIn(project, [database.url, project.path('a.csv')])).refused?.code).toBe('ATLAS_USAGE');
    expect((await initIn(project, [database.url], given)).refused?.message).toContain('header is said of a file');
    expect((await initIn(project, [project.path('a.csv')], { tables: ['a'] })).refused?.code).toBe('ATLAS_USAGE');
  });
});

describeWithMariadb('init of a MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(`
      CREATE TABLE orders (id BIGINT UNSIGNED PRIMARY KEY, amount DECIMAL(12,2), at DATETIME(6), note VARCHAR(20) CHARACTER SET latin1);
      INSERT INTO orders VALUES (1, 1.50, '2024-01-01 01:02:03.000004', 'é'), (2, NULL, NULL, NULL);
      CREATE TABLE places (id INT, at POINT);`);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('writes one table down, column by column, and the password never', async () => {
    using project = new Project();
    const { document, said } = await initIn(project, [database.url], { tables: ['orders'] });
    const { connections, dataset_config: datasets } = parsed(document);
    const [name = ''] = Object.keys(connections);
    expect(datasets[0].source).toEqual({
      type: 'mysql',
      connection: name,
      table: `${database.name}.orders`,
      features: [
        { name: 'id', type: 'uint64', nullable: false },
        { name: 'amount', type: 'decimal(12,2)' },
        { name: 'at', type: 'timestamp(us)' },
        { name: 'note', type: 'string' },
      ],
    });
    expect(document + said).not.toContain(passwordOf(database.url));
  });

  it('a whole database is one dataset; tables that need more than that are left out by name', async () => {
    using project = new Project();
    const { document, said } = await initIn(project, [database.url]);
    expect(parsed(document).dataset_config[0].source).toMatchObject({
      table: `${database.name}.*`,
      exclude: [`${database.name}.places`],
      features: '*',
    });
    expect(said).toContain('at is point');
  });
});
