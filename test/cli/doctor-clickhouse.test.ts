import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Project } from '../run/project.ts';
import { describeWithClickhouse, describeWithOwnClickhouse } from '../services/clickhouse/describe-with-clickhouse.ts';
import { makeClickhouseDatabase } from '../services/clickhouse/make-clickhouse-database.ts';
import { freePort } from '../services/free-port.ts';
import { cli } from './cli.ts';

interface ToldStep {
  readonly server: string | null;
  readonly step: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly message: string;
  readonly hint: string | null;
}

/** What `doctor --json` says of the one connection of a group whose datasets load these tables. */
async function examined(
  olap: object,
  tables: readonly string[],
  env: Record<string, string> = {},
  more: string[] = [],
) {
  using project = new Project();
  const datasets = tables.map((table, index) => ({
    name: `d${index}`,
    source: { type: 'csv', path: 'in.csv', features: [{ name: 'n', type: 'int' }] },
    destination: { type: 'clickhouse', connection: 'olap', table, mode: 'overwrite' },
  }));
  project.declare(datasets, { olap: { type: 'clickhouse', ...olap } });
  const ended = await cli(['doctor', '--ocs', 'g', '--json', ...more], { cwd: project.root, env });
  if (ended.stdout === '') expect.fail(ended.stderr);
  const said = JSON.parse(ended.stdout) as { readonly connections: readonly [{ readonly steps: readonly ToldStep[] }] };
  if (env['OLAP']) expect(ended.stdout + ended.stderr).not.toContain(env['OLAP']);
  return { status: ended.status, steps: said.connections[0].steps, folder: existsSync(join(project.root, 'data')) };
}

const short = (steps: readonly ToldStep[]): readonly string[] => steps.map(({ step, outcome }) => `${step} ${outcome}`);

describeWithClickhouse('doctor, of a ClickHouse', (clickhouse) => {
  it('tries host, port, TLS, login, database, grants, limits, space, each table, and a load', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await database.query('CREATE TABLE orders (n Int64) ENGINE = MergeTree ORDER BY n');
    await database.query('CREATE TABLE log (n Int64) ENGINE = Memory');
    const { url, user, password } = clickhouse();
    const olap = { url, user, password: '${OLAP}', database: database.name };
    const { status, steps } = await examined(olap, ['orders', 'log', 'fresh', '{{ ds }}_x'], { OLAP: password });
    expect(short(steps)).toEqual([
      ...['host ok', 'port ok', 'tls ok', 'login ok', 'database ok', 'grants ok', 'limits ok', 'space ok'],
      ...['table ok', 'table failed', 'table ok', 'table skipped', 'canary ok'],
    ]);
    expect(steps.find(({ code }) => code !== null)).toMatchObject({ code: 'ATLAS_TARGET_KIND' });
    expect(steps.find(({ step }) => step === 'login')?.message).toMatch(/^signed in to .+ as default, ClickHouse 26\./);
    expect(steps.find(({ step }) => step === 'table')?.message).toContain('no deduplication window');
    expect(status).toBe(1);
    expect(
      await database.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%canary%'",
      ),
    ).toEqual([]);
  });

  it('says where it ends: a port, a password, a database', async () => {
    const { url, user, password } = clickhouse();
    const closed = await examined({ url: `http://127.0.0.1:${await freePort()}`, user, password: '${OLAP}' }, ['t'], {
      OLAP: password,
    });
    expect(short(closed.steps)).toEqual(['host ok', 'port failed']);
    expect(closed.status).toBe(75);
    const wrong = await examined({ url, user, password: '${OLAP}', database: 'atlas' }, ['t'], { OLAP: 'Tr0ub4dor' });
    expect(short(wrong.steps)).toEqual(['host ok', 'port ok', 'tls ok', 'login failed']);
    expect(wrong.steps.at(-1)).toMatchObject({ code: 'ATLAS_CH_REFUSED', message: expect.stringContaining('516') });
    const nowhere = await examined({ url, user, password: '${OLAP}', database: 'nowhere' }, ['t'], { OLAP: password });
    expect(nowhere.steps.at(-1)).toMatchObject({ step: 'login', code: 'ATLAS_CH_STATEMENT' });
  });

  it('finds its way by the environment', async () => {
    const { host, port, user, password, database } = clickhouse();
    const env = {
      CLICKHOUSE_HOST: host,
      CLICKHOUSE_PORT: String(port),
      CLICKHOUSE_USER: user,
      CLICKHOUSE_PASSWORD: password,
    };
    const { steps } = await examined({}, ['t'], { ...env, CLICKHOUSE_DATABASE: database }, ['--read-only']);
    expect(steps.at(-1)).toMatchObject({ step: 'canary', outcome: 'skipped' });
  });
});

describeWithOwnClickhouse('doctor, of a ClickHouse of which little is allowed', { tls: true }, (clickhouse) => {
  it('names the grants that are missing, each with its GRANT', async () => {
    await clickhouse().restart({ grants: ['GRANT SELECT, INSERT, CREATE TABLE, DROP TABLE ON atlas.*'] });
    const { url, user, password, tls } = clickhouse();
    const olap = { url, user, password: '${OLAP}', database: 'atlas', tls: { ca: tls?.caFile } };
    const { steps, status } = await examined(olap, ['t'], { OLAP: password });
    expect(steps.find(({ step }) => step === 'tls')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('TLSv1.3'),
    });
    expect(steps.find(({ step }) => step === 'grants')).toMatchObject({
      code: 'ATLAS_CH_GRANT',
      hint: 'GRANT ALTER DELETE, ALTER SETTINGS, ALTER MODIFY COMMENT ON `atlas`.* TO `default`.',
    });
    expect(steps.at(-1)).toMatchObject({
      step: 'canary',
      code: 'ATLAS_CH_GRANT',
      message: expect.stringContaining('497'),
    });
    expect(status).toBe(1);
    await clickhouse().restart();
    expect(await clickhouse().query("SELECT name FROM system.tables WHERE database = 'atlas'")).toEqual([]);
  });
});

describe('doctor, of the embedded engine', () => {
  it('opens it, and tries a load', async () => {
    const { steps, status } = await examined({ url: 'chdb:data/ch' }, ['t']);
    expect(short(steps)).toEqual(['engine ok', 'database ok', 'limits ok', 'space ok', 'table ok', 'canary ok']);
    expect(status).toBe(0);
  });

  it('makes nothing where nothing may be written', async () => {
    const { steps, folder } = await examined({ url: 'chdb:data/ch' }, ['t'], {}, ['--read-only']);
    expect(short(steps)).toEqual(['engine skipped']);
    expect(folder).toBe(false);
  });
});
