import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresConnection } from '../../../src/flow/connections.ts';
import type { Source, Survey } from '../../../src/flow/source.ts';
import type { Task } from '../../../src/flow/task.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { CutProxy } from '../../services/cut-proxy.ts';
import { describeWithOwnPostgres } from '../../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../../services/postgres/make-postgres-database.ts';
import { openPlan } from './open-source.ts';
import { planOf } from './plan-of.ts';
import { postgresConnection } from './postgres-connection.ts';

const { signal } = new AbortController();
/** How long to wait for what a server does by itself. */
const PATIENT = { timeout: 30_000 };
const all = { rejectLimit: Number.POSITIVE_INFINITY, signal };

describeWithOwnPostgres('PostgreSQL, when it is lost', {}, (server) => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await makePostgresDatabase(server());
    await database.query(`CREATE TABLE wide (id int, text text);
      INSERT INTO wide SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i; ANALYZE wide;`);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const direct = (other: Partial<PostgresConnection> = {}) => postgresConnection(server(), database.name, other);
  const through = (proxy: CutProxy, other: Partial<PostgresConnection> = {}) =>
    direct({ host: proxy.host, port: proxy.port, ...other });
  const keys = { table: 'wide', fetch_size: 500, slice_bytes: 1 << 30 };

  /** Reads the first task until it fails or ends; answers the rows. */
  async function readOn(source: Source, survey: Survey, onBatch = (_rows: number): unknown => null): Promise<number> {
    await using reader = await source.read(survey.tasks[0] as Task, survey.state, all);
    let rows = 0;
    for (let next = await reader.next({ signal }); next; next = await reader.next({ signal })) {
      rows += next.batch.rows;
      next.batch.release();
      await onBatch(rows);
    }
    return rows;
  }

  it.each(['copy', 'cursor'] as const)(
    'fails cleanly where the connection is cut among rows, by %s',
    async (extraction) => {
      await using proxy = await CutProxy.open(server());
      await using source = await openPlan(await planOf(direct(), { ...keys, extraction }), through(proxy));
      const survey = await source.survey({ signal });
      for (const how of ['reset', 'end'] as const) {
        proxy.plan = () => ({ cutAfter: 3_000_000 + 7, how });
        await expect(readOn(source, survey), how).rejects.toMatchObject({ code: 'ATLAS_DB_LOST', exit: 75 });
      }
      proxy.plan = () => ({});
      expect(await readOn(source, survey)).toBe(20_000);
    },
  );

  it('reads a task again where nothing of it was handed over, in the same snapshot', async () => {
    await using proxy = await CutProxy.open(server());
    const plan = await planOf(direct(), keys);
    await using source = await openPlan(plan, through(proxy, { attempts: 3 }));
    const survey = await source.survey({ signal });
    await database.query('INSERT INTO wide VALUES (-1, NULL)');
    let cuts = 0;
    proxy.plan = () => (cuts++ < 2 ? { cutAfter: 20_000 } : {});
    expect(await readOn(source, survey)).toBe(20_000);
    expect(cuts).toBe(3);
    await database.query('DELETE FROM wide WHERE id = -1');
  });

  it('tries again to connect and to survey, and only so often', async () => {
    await using proxy = await CutProxy.open(server(), (index) => (index < 2 ? { cutAfter: 700 * index } : {}));
    const plan = await planOf(direct(), keys);
    await using source = await openPlan(plan, through(proxy, { attempts: 3 }));
    expect((await source.survey({ signal })).tasks.length).toBe(1);
    proxy.plan = () => ({ refuse: true });
    await using other = await openPlan(plan, through(proxy, { attempts: 2 }));
    const before = proxy.connections.length;
    await expect(other.survey({ signal })).rejects.toMatchObject({ exit: 75 });
    expect(proxy.connections.length - before).toBe(2);
  });

  it('gives up on a server that says nothing any more', async () => {
    await using proxy = await CutProxy.open(server());
    const limits = { connect: 400, statement: 20_000, idle: 400 };
    await using source = await openPlan(await planOf(direct(), keys), through(proxy, { limits }));
    const survey = await source.survey({ signal });
    proxy.plan = () => ({ stallAfter: 2_000_000 });
    await expect(readOn(source, survey)).rejects.toMatchObject({ code: 'ATLAS_DB_TIMEOUT' });
    proxy.plan = () => ({ stallAfter: 0 });
    await using late = await openPlan(await planOf(direct(), keys), through(proxy, { limits }));
    await expect(late.survey({ signal })).rejects.toMatchObject({ code: 'ATLAS_DB_TIMEOUT' });
  });

  it('stops at once while it waits, and has the server stop', async () => {
    const query = 'SELECT id, text FROM wide, pg_sleep(600)';
    await using source = await openPlan(await planOf(direct(), { ...keys, table: undefined, query }), direct());
    const survey = await source.survey({ signal });
    const controller = new AbortController();
    const options = { rejectLimit: Number.POSITIVE_INFINITY, signal: controller.signal };
    await using reader = await source.read(survey.tasks[0] as Task, survey.state, options);
    const next = reader.next({ signal: controller.signal });
    const sleeping = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    await expect.poll(() => database.query(sleeping)).toEqual([['1']]);
    controller.abort(new Error('told to stop'));
    await expect(next).rejects.toThrow('told to stop');
    await reader[Symbol.asyncDispose]();
    await expect.poll(() => database.query(sleeping)).toEqual([['0']]);
  });

  it('has the server stop a statement that is left before its end', async () => {
    const copying = async (): Promise<readonly unknown[]> => {
      const sql = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active'";
      return (await database.query(sql)).flat();
    };
    // those of other tests, whose connections were cut or stalled, are not meant
    const others = await copying();
    const ours = async () => (await copying()).filter((pid) => !others.includes(pid));
    await using source = await openPlan(await planOf(direct(), keys), direct());
    const survey = await source.survey({ signal });
    await using reader = await source.read(survey.tasks[0] as Task, survey.state, all);
    (await reader.next({ signal }))?.batch.release();
    expect(await ours()).toHaveLength(1);
    await reader[Symbol.asyncDispose]();
    await expect.poll(ours, PATIENT).toEqual([]);
    expect(await readOn(source, survey)).toBe(20_000);
  });

  it('fails cleanly where a backend is terminated, and the coordinator is missed', async () => {
    await using source = await openPlan(await planOf(direct(), keys), direct());
    const survey = await source.survey({ signal });
    const terminate = (what: string) =>
      database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atlas-ingest' AND ${what}`,
      );
    const failing = readOn(source, survey, (rows) => (rows === 500 ? terminate("query LIKE 'COPY%'") : null));
    // a backend that waits for us to read its rows has no way to say why it goes
    await expect(failing).rejects.toMatchObject({ code: 'ATLAS_DB_LOST', exit: 75 });
    await source.confirm(survey.inputs, { signal });
    await terminate('true');
    await expect
      .poll(() => source.confirm(survey.inputs, { signal }).then(() => null, String), PATIENT)
      .toContain('57P01');
    await expect(readOn(source, survey)).rejects.toMatchObject({ code: 'ATLAS_DB_SNAPSHOT' });
  });

  it('fails, and does not hang, where the server is killed', async () => {
    const plan = await planOf(direct(), keys);
    await using source = await openPlan(plan, direct());
    const survey = await source.survey({ signal });
    const failing = readOn(source, survey, (rows) => (rows === 500 ? server().kill() : null));
    await expect(failing).rejects.toMatchObject({ exit: 75 });
    await expect(source.survey({ signal })).rejects.toMatchObject({ code: 'ATLAS_DB_UNREACHABLE' });
    await server().restart();
    expect((await readSource(source)).rows.length).toBe(20_000);
  });
});

describe('what is not there', () => {
  it('is unreachable, by name, by port and by socket', async () => {
    const nowhere = { host: '127.0.0.1', port: 1, user: 'u', password: 'very secret' };
    for (const other of [{}, { host: 'no-such-host.invalid' }, { host: '/tmp/no-such-folder' }]) {
      const error: unknown = await planOf(postgresConnection(nowhere, 'd', other), { table: 't' }).catch(
        (each) => each,
      );
      expect(error).toMatchObject({ code: 'ATLAS_DB_UNREACHABLE', exit: 75 });
      expect(String(error)).not.toContain('very secret');
    }
  });
});
