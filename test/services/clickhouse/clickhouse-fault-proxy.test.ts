import { Readable } from 'node:stream';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import type { ClickhouseFault } from './clickhouse-fault.ts';
import { ClickhouseFaultProxy } from './clickhouse-fault-proxy.ts';
import { describeWithClickhouse } from './describe-with-clickhouse.ts';
import { serverStatement } from './engine/server-statement.ts';
import { makeClickhouseDatabase } from './make-clickhouse-database.ts';

const ROWS = 'x,y\n'.repeat(50_000);

/** What a client sees of an INSERT that meets a fault, and how many of its 50,000 rows are there in the end. */
const FAULTS: readonly (readonly [ClickhouseFault, RegExp | null, string])[] = [
  [{ kind: 'refuse', code: 252, name: 'TOO_MANY_PARTS' }, /Refused by the proxy/, '0'],
  [{ kind: 'gateway', status: 502 }, /The proxy says no/, '0'],
  [{ kind: 'reset-body', after: 100_000 }, /hang up|ECONNRESET|EPIPE/, '0'],
  [{ kind: 'reset-body', after: 1e9 }, /hang up|ECONNRESET|EPIPE/, '0'],
  [{ kind: 'lose-answer' }, /hang up|ECONNRESET/, '50000'],
  [{ kind: 'lose-early' }, /hang up|ECONNRESET/, '50000'],
  [{ kind: 'late', ms: 50 }, /hang up|ECONNRESET/, '50000'],
  [{ kind: 'slow', ms: 50 }, null, '50000'],
];

describeWithClickhouse('a proxy that harms what passes to a ClickHouse', (clickhouse) => {
  it('does to the fault’s request what the fault says, and nothing to others', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using proxy = await ClickhouseFaultProxy.open(clickhouse());
    await database.query('CREATE TABLE t (a String, b String) ENGINE = MergeTree ORDER BY a');
    const { user: username, password } = clickhouse();
    const log = { level: ClickHouseLogLevel.OFF };
    const client = createClient({ url: proxy.url, username, password, database: database.name, log });
    const insert = (): Promise<unknown> =>
      client.exec({ query: 'INSERT INTO t FORMAT CSV', values: Readable.from([ROWS], { objectMode: false }) });
    const sent = (): Promise<unknown> => insert().catch((error: unknown) => error);
    for (const [fault, error, rows] of FAULTS) {
      await database.query('TRUNCATE TABLE t');
      proxy.restart();
      proxy.keeper = ({ kind, nth }) => (kind === 'insert' && nth === 1 ? fault : null);
      await insert();
      const seen = await sent();
      if (error === null) expect(seen, fault.kind).not.toBeInstanceOf(Error);
      else expect(String(seen), fault.kind).toMatch(error);
      await proxy.settled();
      await client.command({ query: 'SELECT 1' });
      const [counted] = await database.query('SELECT toString(count() - 50000) AS n FROM t');
      expect(counted, fault.kind).toEqual({ n: rows });
      expect(proxy.seen.map((each) => each.fault)).toEqual([null, fault.kind, null]);
    }
    proxy.restart();
    proxy.keeper = async ({ kind }) => {
      if (kind === 'insert') await database.query('DROP TABLE t SYNC');
      return kind === 'query' ? { kind: 'cut-answer' } : null;
    };
    expect(await sent()).toMatchObject({ code: '60' });
    const asked = client.query({ query: 'SELECT 1', format: 'JSONEachRow' });
    await expect(asked.then((answer) => answer.text())).rejects.toThrow(/aborted|ECONNRESET|Premature/);
    await client.close();
  });
});

describe('how the engine is told what a server is told', () => {
  const told = (sql: string, version: string | null = null): string =>
    serverStatement(sql, { version, body: '/f' }).text;

  it.each([
    ['INSERT INTO t FORMAT CSV', "INSERT INTO t FROM INFILE '/f' COMPRESSION 'zstd' FORMAT CSV"],
    [
      'insert into `a format b`.t (`x values`) settings a=1 format ArrowStream',
      "insert into `a format b`.t (`x values`) FROM INFILE '/f' COMPRESSION 'zstd' settings a=1 format ArrowStream",
    ],
    ['INSERT INTO TABLE t VALUES', "INSERT INTO TABLE t FROM INFILE '/f' COMPRESSION 'zstd' FORMAT Values"],
    [
      "INSERT INTO t SELECT a + 1 FROM input('a Int64') FORMAT Parquet",
      "INSERT INTO t SELECT a + 1 FROM file('/f', 'Parquet', 'a Int64', 'zstd') ",
    ],
    ['INSERT INTO t SELECT 1', 'INSERT INTO t SELECT 1'],
    ["SELECT 'it''s; system.processes' -- ; x", "SELECT 'it''s; system.processes' -- ; x"],
  ])('%s', (sql, expected) => {
    expect(told(sql)).toBe(expected);
  });

  it('announces another version, and knows processes by the ids of clients', () => {
    expect(told('SELECT version (), `version()`', '1.2')).toBe("SELECT '1.2', `version()`");
    expect(told("KILL QUERY WHERE query_id = 'x'")).toContain("Settings['log_comment']");
    expect(told('SELECT query_id FROM system.processes')).toMatch(/REPLACE .* FROM system\.processes\)$/);
  });
});
