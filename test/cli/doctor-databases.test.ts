import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DatabaseConnection } from '../../src/flow/connections.ts';
import { Project } from '../run/project.ts';
import { freePort } from '../services/free-port.ts';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { cli } from './cli.ts';

interface ToldStep {
  readonly server: string | null;
  readonly step: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
}

/** What `doctor --json` says of the one connection of a group whose datasets read these tables. */
async function examined(url: string, tables: readonly string[], more: object = {}, env: Record<string, string> = {}) {
  const { hostname, port, username, password, pathname, protocol } = new URL(url);
  const type: DatabaseConnection['type'] = protocol === 'mysql:' ? 'mysql' : 'postgresql';
  using project = new Project();
  const datasets = tables.map((table, index) => ({
    name: `d${index}`,
    source: { type, connection: 'shop', table, features: '*' },
    destination: { type: 'parquet', path: `out/${index}/{{ table }}.parquet` },
  }));
  const database = pathname.slice(1);
  const shop = { type, host: hostname, port, database, user: username, password: '${SHOP}', ...more };
  project.declare(datasets, { shop });
  const ended = await cli(['doctor', '--ocs', 'g', '--json'], { cwd: project.root, env: { SHOP: password, ...env } });
  const said = JSON.parse(ended.stdout) as { readonly connections: readonly [{ readonly steps: readonly ToldStep[] }] };
  expect(ended.stdout + ended.stderr).not.toContain(password);
  return { status: ended.status, steps: said.connections[0].steps };
}

const short = (steps: readonly ToldStep[]): readonly string[] => steps.map(({ step, outcome }) => `${step} ${outcome}`);

describeWithPostgres('doctor, of a PostgreSQL', (postgres) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(`
      CREATE TABLE orders (id bigint PRIMARY KEY, v text); INSERT INTO orders VALUES (1, 'x');
      CREATE TABLE empty (id int);
      CREATE ROLE ${database.name} LOGIN PASSWORD 'guest-word';
      GRANT SELECT ON empty TO ${database.name};`);
  });
  afterAll(async () => {
    await database.query(`DROP OWNED BY ${database.name}; DROP ROLE ${database.name}`);
    await database[Symbol.asyncDispose]();
  });

  it('tries host, port, TLS, login, snapshot, and each table down to a row', async () => {
    const { status, steps } = await examined(database.url, ['orders', 'public.*', 'nowhere', '{{ ds }}_x']);
    expect(short(steps)).toEqual([
      ...['host ok', 'port ok', 'tls ok', 'login ok', 'snapshot ok'],
      ...['table ok', 'row ok'],
      ...['tables ok', 'table ok', 'row warning', 'table ok', 'row ok'],
      'table failed',
      'table skipped',
    ]);
    expect(steps.find(({ step }) => step === 'login')?.message).toMatch(/^signed in as .+, PostgreSQL \d+/);
    expect(steps.find(({ step }) => step === 'table')?.message).toMatch(
      /orders: table, 2 columns, .*, primary key id$/,
    );
    expect(steps.find(({ code }) => code !== null)).toMatchObject({ code: 'ATLAS_DB_TABLE_MISSING' });
    expect(status).toBe(1);
  });

  it('names the table that a user may not read, and tries the others', async () => {
    const url = database.url.replace(/\/\/[^@]+@/, `//${database.name}:guest-word@`);
    const { status, steps } = await examined(url, ['orders', 'empty']);
    const failed = steps.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toMatchObject([{ code: 'ATLAS_DB_DENIED', message: expect.stringContaining('orders') }]);
    expect(steps.at(-1)).toMatchObject({ step: 'row', outcome: 'warning' });
    expect(status).toBe(1);
  });

  it.each([
    [
      'a password that is wrong',
      { password: 'hunter2' },
      ['host ok', 'port ok', 'tls ok', 'login failed'],
      'ATLAS_DB_AUTH',
    ],
    [
      'a database that is not there',
      { database: 'nope' },
      ['host ok', 'port ok', 'tls ok', 'login failed'],
      'ATLAS_DB_DATABASE_MISSING',
    ],
    ['a host that nobody knows', { host: 'no.such.host.invalid' }, ['host failed'], 'ATLAS_DB_UNREACHABLE'],
    ['a server without TLS', { tls: {} }, ['host ok', 'port ok', 'tls failed'], 'ATLAS_DB_TLS'],
  ])('%s', async (_name, more, expected, code) => {
    const { status, steps } = await examined(database.url, ['orders'], more);
    expect(short(steps)).toEqual(expected);
    expect(steps.at(-1)).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
    expect(status).toBe(code === 'ATLAS_DB_UNREACHABLE' ? 75 : 1);
  });

  it('a port where nobody listens', async () => {
    const { status, steps } = await examined(database.url, ['orders'], { port: await freePort() });
    expect(short(steps)).toEqual(['host ok', 'port failed']);
    expect(steps[1]?.hint).toContain('postgresql.conf');
    expect(status).toBe(75);
  });
});

describeWithMariadb('doctor, of a MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query('CREATE TABLE orders (id INT PRIMARY KEY, v TEXT); INSERT INTO orders VALUES (1, "x")');
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('tries host, port, TLS, login, snapshot, and each table down to a row', async () => {
    const { status, steps } = await examined(database.url, ['orders', `${database.name}.*`, 'nowhere']);
    expect(short(steps)).toEqual([
      ...['host ok', 'port ok', 'tls ok', 'login ok', 'snapshot ok'],
      ...['table ok', 'row ok', 'tables ok', 'table ok', 'row ok'],
      'table failed',
    ]);
    expect(steps.find(({ step }) => step === 'login')?.message).toMatch(/^signed in as .+@.+, MariaDB \d+/);
    expect(steps.at(-1)?.code).toBe('ATLAS_DB_TABLE_MISSING');
    expect(status).toBe(1);
  });

  it('a password that is wrong', async () => {
    const { steps } = await examined(database.url, ['orders'], { password: 'hunter2' });
    expect(steps.at(-1)).toMatchObject({ step: 'login', outcome: 'failed', code: 'ATLAS_DB_AUTH' });
  });
});
