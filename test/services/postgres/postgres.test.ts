import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { CutProxy } from '../cut-proxy.ts';
import { describeWithOwnPostgres, describeWithPostgres } from './describe-with-postgres.ts';
import { makePostgresDatabase, openPostgres } from './make-postgres-database.ts';
import { packagedPostgres } from './postgres-programs.ts';

describeWithPostgres('the PostgreSQL of the tests', (postgres) => {
  it('makes a database that is gone afterwards, and answers in its own text', async () => {
    let name: string;
    {
      await using database = await makePostgresDatabase(postgres());
      name = database.name;
      await database.query('CREATE TABLE t (a int, b numeric, c bytea); INSERT INTO t VALUES (1, 1.50, NULL)');
      expect(await database.query('SELECT * FROM t')).toEqual([['1', '1.50', null]]);
      expect(await database.query('SELECT $1::int + 1', [41])).toEqual([['42']]);
      expect(await database.query("SELECT 1; SELECT 'x'")).toEqual([['x']]);
    }
    await expect(openPostgres(postgres(), name)).rejects.toMatchObject({ code: '3D000' });
  });

  it('is reached through a proxy that cuts', async () => {
    await using proxy = await CutProxy.open(postgres(), () => ({ cutAfter: 50_000 }));
    const session = await openPostgres({ ...postgres(), port: proxy.port }, 'postgres');
    await expect(session.query("SELECT repeat('x', 1000) FROM generate_series(1, 1000)")).rejects.toThrow();
  });

  it('asks for the password', async () => {
    const { host, port, user } = postgres();
    const client = new pg.Client({ host, port, user, password: 'guess', database: 'postgres' });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });
});

describeWithOwnPostgres(
  'a PostgreSQL that is broken',
  { tls: true, settings: { timezone: 'Asia/Kathmandu' }, access: ['hostssl all all 127.0.0.1/32 scram-sha-256'] },
  (postgres) => {
    it('is reached by TLS only, and has its own time zone', async () => {
      const { host, port, user, password } = postgres();
      const plain = new pg.Client({ host, port, user, password, database: 'postgres' });
      await expect(plain.connect()).rejects.toMatchObject({ code: '28000' });
      const session = await openPostgres(postgres(), 'postgres');
      expect((await session.query('SHOW timezone')).rows).toEqual([{ TimeZone: 'Asia/Kathmandu' }]);
      await session.end();
    });

    it('loses its sessions when it is killed, and is there again with its data', async () => {
      await using database = await makePostgresDatabase(postgres());
      await database.query('CREATE TABLE t AS SELECT 7 AS a');
      const asleep = database.query('SELECT pg_sleep(60)');
      const ended = expect(asleep).rejects.toThrow();
      const before = postgres().pid;
      await postgres().restart({ timezone: 'America/St_Johns' });
      await ended;
      expect(postgres().pid).not.toBe(before);
      const now = await database.query("SELECT a, current_setting('timezone') FROM t");
      expect(now).toEqual([['7', 'America/St_Johns']]);
    });

    it('recovers by itself when one of its processes is killed', async () => {
      await using database = await makePostgresDatabase(postgres());
      const [[pid]] = (await database.query('SELECT pg_backend_pid()')) as [[string]];
      const asleep = expect(database.query('SELECT pg_sleep(60)')).rejects.toThrow();
      postgres().killBackend(Number(pid));
      await asleep;
      const answer = async (): Promise<unknown> => {
        for (;;) {
          const rows = await database.query('SELECT 1').catch(() => null);
          if (rows !== null) return rows;
          await sleep(50);
        }
      };
      expect(await answer()).toEqual([['1']]);
    });
  },
);

describeWithOwnPostgres('the PostgreSQL of the npm package', { programs: packagedPostgres() }, (postgres) => {
  it('runs from a copy, its libraries linked', async () => {
    await using database = await makePostgresDatabase(postgres());
    expect(await database.query('SHOW server_version')).toEqual([[expect.stringMatching(/^18/)]]);
  });
});
