import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MysqlConnection } from '../../../src/flow/connections.ts';
import type { Source } from '../../../src/flow/source.ts';
import type { Task } from '../../../src/flow/task.ts';
import { readSource, readTask } from '../../conformance/source/read-source.ts';
import { CutProxy } from '../../services/cut-proxy.ts';
import { describeWithMariadb, describeWithOwnMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from './mysql-connection.ts';
import { openSource } from './open-source.ts';

const { signal } = new AbortController();
const ROWS =
  'CREATE TABLE t (id int PRIMARY KEY, pad varchar(200)); INSERT INTO t SELECT seq, REPEAT("x", 150) FROM seq_1_to_60000';
const KEYS = { table: 't', fetch_size: 1000, workers: 1 };

describeWithMariadb('MySQL connections that are lost', (mariadb) => {
  let database: MariadbDatabase;
  const direct = (changes: Partial<MysqlConnection> = {}) => mysqlConnection(mariadb(), database.name, changes);

  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(ROWS);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  /** Opens a source whose sessions go through a proxy, planned without it. */
  async function through(proxy: CutProxy, changes: Partial<MysqlConnection> = {}): Promise<Source> {
    const { openMysqlSource } = await import('../../../src/source/mysql/mysql-source.ts');
    const { planOf } = await import('./plan-of.ts');
    const connection = direct({ host: proxy.host, port: proxy.port, ...changes });
    return openMysqlSource(await planOf(direct(), KEYS), { reserve: 0, loadedAt: 0n, connection, debug: true });
  }

  it.each(['reset', 'end'] as const)('fail at once in the midst of rows (%s), and say so', async (how) => {
    await using proxy = await CutProxy.open(mariadb(), () => ({ cutAfter: 3_000_000, how }));
    await using source = await through(proxy);
    await expect(readSource(source)).rejects.toMatchObject({
      code: 'ATLAS_DB_LOST',
      message: expect.stringMatching(/^could not read mysql:\/\/shop\//),
    });
  });

  it('are made again where nothing was read yet', async () => {
    await using proxy = await CutProxy.open(mariadb(), (index) => (index < 2 ? { cutAfter: 40 + index * 700 } : {}));
    await using source = await through(proxy);
    expect((await readSource(source)).rows.length).toBe(60_000);
  });

  it('are given up after as many attempts as are allowed', async () => {
    let attempts = 0;
    await using proxy = await CutProxy.open(mariadb(), () => {
      attempts += 1;
      return { refuse: true };
    });
    await using source = await through(proxy, { attempts: 2 });
    await expect(source.survey({ signal })).rejects.toMatchObject({
      code: 'ATLAS_DB_UNREACHABLE',
      exit: 75,
      message: expect.stringMatching(/2 attempts$/),
    });
    expect(attempts).toBe(2);
  });

  it('fail where no byte comes any more', async () => {
    await using proxy = await CutProxy.open(mariadb(), () => ({ stallAfter: 3_000_000 }));
    await using source = await through(proxy, { limits: { connect: 5000, statement: 20_000, idle: 300 } });
    await expect(readSource(source)).rejects.toMatchObject({ code: 'ATLAS_DB_TIMEOUT' });
  });

  it('fail with the words of a server that kills them', async () => {
    await using source = await openSource(direct(), KEYS);
    const survey = await source.survey({ signal });
    await using reader = await source.read(survey.tasks[0] as Task, survey.state, { rejectLimit: 1, signal });
    (await reader.next({ signal }))?.batch.release();
    const sessions = await database.query(
      `SELECT id FROM information_schema.processlist WHERE db = '${database.name}' AND id <> connection_id()`,
    );
    for (const [id] of sessions) await database.query(`KILL ${id}`);
    const rest = async (): Promise<void> => {
      for (let next = await reader.next({ signal }); next; next = await reader.next({ signal })) next.batch.release();
    };
    await expect(rest()).rejects.toMatchObject({ code: 'ATLAS_DB_LOST' });
  });

  it('leave nothing running in the server when a run is stopped', async () => {
    const query = 'SELECT a.id FROM t a, t b, t c WHERE a.id + b.id * c.id < 0';
    const controller = new AbortController();
    await using source = await openSource(direct(), { query, workers: 1 });
    const survey = await source.survey({ signal });
    const reading = readTask(source, survey.tasks[0] as Task, survey, 1, controller.signal);
    const running = async () =>
      (
        await database.query(
          "SELECT id FROM information_schema.processlist WHERE info LIKE '%b.id * c.id%' AND id <> connection_id()",
        )
      ).length;
    await expect.poll(running, { timeout: 10_000 }).toBe(1);
    controller.abort(new Error('told to stop'));
    await expect(reading).rejects.toThrow('told to stop');
    await expect.poll(running, { timeout: 10_000 }).toBe(0);
  });

  it('show the password nowhere', async () => {
    const password = 'hush-9f2c';
    const error = await openSource(direct({ password }), KEYS).catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      code: 'ATLAS_DB_AUTH',
      message: expect.stringMatching(/error 1045, SQLSTATE 28000/),
    });
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 9 })).not.toContain(password);
  });
});

describeWithOwnMariadb('a MariaDB that is killed', {}, (mariadb) => {
  it('ends what is read of it at once', async () => {
    await using database = await makeMariadbDatabase(mariadb());
    await database.query(ROWS);
    await using source = await openSource(mysqlConnection(mariadb(), database.name), KEYS);
    const survey = await source.survey({ signal });
    const reader = await source.read(survey.tasks[0] as Task, survey.state, { rejectLimit: 1, signal });
    (await reader.next({ signal }))?.batch.release();
    const restarted = mariadb().restart({});
    const rest = async (): Promise<void> => {
      for (let next = await reader.next({ signal }); next; next = await reader.next({ signal })) next.batch.release();
    };
    await expect(rest()).rejects.toMatchObject({ code: 'ATLAS_DB_LOST' });
    await restarted;
  });
});
