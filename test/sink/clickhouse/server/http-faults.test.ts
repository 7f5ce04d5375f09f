import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AtlasError } from '../../../../src/errors.ts';
import type { ClickhouseConnection } from '../../../../src/flow/connections.ts';
import type { ClickhouseServer } from '../../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { openClickhouse } from '../../../../src/sink/clickhouse/server/open-clickhouse.ts';
import { ClickhouseFaultProxy } from '../../../services/clickhouse/clickhouse-fault-proxy.ts';
import {
  describeWithClickhouse,
  describeWithOwnClickhouse,
} from '../../../services/clickhouse/describe-with-clickhouse.ts';
import {
  type ClickhouseDatabase,
  makeClickhouseDatabase,
} from '../../../services/clickhouse/make-clickhouse-database.ts';
import { freePort } from '../../../services/free-port.ts';
import { arrowMessages } from './arrow-messages.ts';
import { clickhouseConnection } from './clickhouse-connection.ts';

const { signal } = new AbortController();
const waiting = { signal };

const open = (said: Partial<ClickhouseConnection>): Promise<ClickhouseServer> =>
  openClickhouse(clickhouseConnection(said), waiting);

async function failureOf(failing: Promise<unknown>): Promise<AtlasError> {
  return (await failing.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  )) as AtlasError;
}

/** Something that speaks HTTP and is no ClickHouse, or a strange one. */
async function listen(serve: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

describeWithClickhouse('a ClickHouse server through a bad network', (clickhouse) => {
  let database: ClickhouseDatabase;
  let proxy: ClickhouseFaultProxy;
  let server: ClickhouseServer;
  let said: Partial<ClickhouseConnection>;
  beforeAll(async () => {
    const { user, password } = clickhouse();
    database = await makeClickhouseDatabase(clickhouse());
    proxy = await ClickhouseFaultProxy.open(clickhouse());
    said = { urls: [proxy.url], user, password, database: database.name };
    server = await open(said);
    await database.query('CREATE TABLE t (a Int64, b String) ENGINE = MergeTree ORDER BY a');
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  const insertOnce = async (): Promise<void> => {
    const insert = await server.insert({ sql: 'INSERT INTO t (a, b)', format: 'ArrowStream' }, waiting);
    try {
      for (const message of arrowMessages([1, 2], [3, 4])) await insert.write(message);
      await insert.end();
    } catch (error) {
      await insert.abort(error);
      throw error;
    }
  };
  const count = async (): Promise<unknown> => (await database.query('SELECT count() AS n FROM t'))[0]?.['n'];

  it.each([
    [{ kind: 'refuse', code: 252, name: 'TOO_MANY_PARTS' }, 'ATLAS_CH_BUSY', '0'],
    [{ kind: 'refuse', code: 243, name: 'NOT_ENOUGH_SPACE' }, 'ATLAS_STORE_SPACE', '0'],
    [{ kind: 'refuse', code: 319, name: 'UNKNOWN_STATUS_OF_INSERT' }, 'ATLAS_CH_LOST', '0'],
    [{ kind: 'gateway', status: 502 }, 'ATLAS_CH_LOST', '0'],
    [{ kind: 'gateway', status: 504 }, 'ATLAS_CH_LOST', '0'],
    [{ kind: 'reset-body', after: 100 }, 'ATLAS_CH_LOST', '0'],
    [{ kind: 'reset-body', after: 1e9 }, 'ATLAS_CH_LOST', '0'],
    [{ kind: 'lose-answer' }, 'ATLAS_CH_LOST', '4'],
    [{ kind: 'lose-early' }, 'ATLAS_CH_LOST', '4'],
    [{ kind: 'late', ms: 50 }, 'ATLAS_CH_LOST', '4'],
    [{ kind: 'slow', ms: 50 }, null, '4'],
  ] as const)('sends an INSERT once, whatever becomes of it: %o', async (fault, code, rows) => {
    await database.query('TRUNCATE TABLE t');
    proxy.restart();
    proxy.keeper = ({ kind }) => (kind === 'insert' ? fault : null);
    if (code === null) await insertOnce();
    else expect((await failureOf(insertOnce())).code).toBe(code);
    await proxy.settled();
    expect(await count()).toBe(rows);
    expect(proxy.seen.filter(({ kind }) => kind === 'insert')).toHaveLength(1);
  });

  it.each([
    [{ kind: 'lose-answer' }, 'ATLAS_CH_LOST'],
    [{ kind: 'gateway', status: 503 }, 'ATLAS_CH_LOST'],
    [{ kind: 'refuse', code: 202, name: 'TOO_MANY_SIMULTANEOUS_QUERIES' }, 'ATLAS_CH_BUSY'],
  ] as const)('sends a command once: %o', async (fault, code) => {
    proxy.restart();
    proxy.keeper = ({ kind }) => (kind === 'command' ? fault : null);
    expect((await failureOf(server.command({ sql: 'TRUNCATE TABLE t' }, waiting))).code).toBe(code);
    expect(proxy.seen.filter(({ kind }) => kind === 'command')).toHaveLength(1);
  });

  it.each([
    { kind: 'lose-answer' },
    { kind: 'cut-answer' },
    { kind: 'gateway', status: 502 },
    { kind: 'refuse', code: 202, name: 'TOO_MANY_SIMULTANEOUS_QUERIES' },
  ] as const)('asks again where asking is all: %o', async (fault) => {
    proxy.restart();
    proxy.keeper = ({ kind, nth }) => (kind === 'query' && nth < 2 ? fault : null);
    expect(await server.query({ sql: 'SELECT 1 AS one' }, waiting)).toEqual([{ one: 1 }]);
    expect(proxy.seen).toHaveLength(3);
    proxy.restart();
    proxy.keeper = () => fault;
    expect((await failureOf(server.query({ sql: 'SELECT 1' }, waiting))).retryable).toBe(true);
    expect(proxy.seen).toHaveLength(3);
    proxy.keeper = () => null;
  });

  it('gives up on a statement after its time, and stops it', async () => {
    await using hasty = await open({ ...said, limits: { connect: 5_000, statement: 400, idle: 30_000 }, attempts: 1 });
    const sql = `SELECT sum(sleepEachRow(0.05)) FROM numbers(400)
      SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0`;
    const error = await failureOf(hasty.query({ sql, queryId: 'the slow one' }, waiting));
    expect(error).toMatchObject({ code: 'ATLAS_CH_LOST', message: expect.stringContaining('400 ms') });
    expect(await database.query("SELECT count() AS n FROM system.processes WHERE query_id = 'the slow one'")).toEqual([
      { n: '0' },
    ]);
  });

  it('takes the first of several servers that answers', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    await using one = await open({ ...said, urls: [dead, proxy.url] });
    expect(one.name).toBe(`127.0.0.1:${proxy.port}/${database.name}`);
    const error = await failureOf(open({ ...said, urls: [dead], attempts: 2 }));
    expect(error).toMatchObject({
      code: 'ATLAS_CH_UNREACHABLE',
      exit: 75,
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('says who is not let in, without the password', async () => {
    for (const password of ['Tr0ub4dor&3', '']) {
      const error = await failureOf(open({ ...said, password }));
      expect(error.code).toBe('ATLAS_CH_REFUSED');
      expect(`${error.message} ${error.stack} ${(error.cause as Error).stack} ${JSON.stringify(error)}`).not.toContain(
        'Tr0ub4dor',
      );
    }
  });

  it('says that there is no such database', async () => {
    expect(await failureOf(open({ ...said, database: 'nowhere' }))).toMatchObject({
      code: 'ATLAS_CH_STATEMENT',
      message: expect.stringContaining('81 UNKNOWN_DATABASE'),
      hint: expect.stringContaining('database'),
    });
  });
});

describe('what is no ClickHouse, or a strange one', () => {
  const user = 'etl';
  const password = 'Tr0ub4dor&3';

  it.each([
    [200, 'It works!', 'ATLAS_CH_PROTOCOL'],
    [404, '<html>Not here: Tr0ub4dor&3</html>', 'ATLAS_CH_PROTOCOL'],
    [403, '<html>Tr0ub4dor&3</html>', 'ATLAS_CH_REFUSED'],
    [301, '', 'ATLAS_CH_PROTOCOL'],
    [200, '18.16.1\n', 'ATLAS_CH_TOO_OLD'],
    [200, '23.3.22.3\n', 'ATLAS_CH_TOO_OLD'],
  ])('is told by its answer: %i %s', async (status, text, code) => {
    await using strange = await listen((_asked, answer) => void answer.writeHead(status).end(text));
    const error = await failureOf(open({ urls: [strange.url], user, password, attempts: 1 }));
    expect(error.code).toBe(code);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('Tr0ub4dor');
  });

  it('has failed where it says so after the head of its answer', async () => {
    await using strange = await listen((asked, answer) => {
      asked.resume();
      asked.once('end', () => {
        if (asked.url?.includes('query=INSERT')) answer.writeHead(200).write('\n');
        answer.end(
          asked.url?.includes('query=INSERT')
            ? 'Code: 241. DB::Exception: Memory limit exceeded. (MEMORY_LIMIT_EXCEEDED) (version 24.8.1.1)'
            : asked.url?.includes('wait_end_of_query')
              ? '["1"]\n["UInt8"]\n[1]\n'
              : '24.8.1.1\n',
        );
      });
    });
    await using server = await open({ urls: [strange.url], user, password });
    const insert = await server.insert({ sql: 'INSERT INTO t', format: 'ArrowStream' }, waiting);
    await insert.write(Buffer.alloc(10));
    expect((await failureOf(insert.end())).code).toBe('ATLAS_CH_BUSY');
  });

  it('is not spoken to in plain text on another machine, unless that is said', async () => {
    const error = await failureOf(open({ urls: ['http://ch1.example.org:8123'], user, password }));
    expect(error).toMatchObject({ code: 'ATLAS_CH_REFUSED', message: expect.stringContaining('ch1.example.org') });
  });

  it('is not waited for longer than connect_ms', async () => {
    const limits = { connect: 200, statement: 60_000, idle: 60_000 };
    // a documentation address: nobody answers, or the network says so
    const error = await failureOf(open({ urls: ['https://192.0.2.1:8443'], user, password, limits, attempts: 1 }));
    expect(error.code).toBe('ATLAS_CH_UNREACHABLE');
  });
});

describeWithOwnClickhouse('a ClickHouse server with TLS', { tls: true }, (clickhouse) => {
  it('is known by its own authority, and by no other', async () => {
    const { url, user, password, database, tls } = clickhouse();
    const said = { urls: [url], user, password, database, attempts: 1 };
    const caFile = tls?.caFile ?? null;
    await using server = await open({ ...said, tls: { caFile, certFile: null, keyFile: null } });
    expect(await server.query({ sql: 'SELECT 1 AS one' }, waiting)).toEqual([{ one: 1 }]);
    expect((await failureOf(open(said))).code).toBe('ATLAS_CH_REFUSED');
    const byAddress = url.replace('localhost', '127.0.0.1').replace('https', 'http');
    expect((await failureOf(open({ ...said, urls: [byAddress] }))).code).toMatch(/LOST|PROTOCOL/);
  });

  it('is not spoken to by TLS where it speaks none, nor with certificates that cannot be read', async () => {
    await using plain = await listen((_asked, answer) => void answer.end('x'));
    const url = plain.url.replace('http', 'https');
    expect((await failureOf(open({ urls: [url], attempts: 1 }))).code).toBe('ATLAS_CH_REFUSED');
    const tls = { caFile: '/nowhere/ca.pem', certFile: null, keyFile: null };
    expect(await failureOf(open({ urls: [clickhouse().url], tls }))).toMatchObject({
      code: 'ATLAS_CH_REFUSED',
      message: expect.stringContaining('/nowhere/ca.pem'),
    });
  });
});
