import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { tableFromIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import type { ClickhouseFacts } from './clickhouse-facts.ts';
import { describeWithClickhouse, describeWithOwnClickhouse } from './describe-with-clickhouse.ts';
import { type ClickhouseDatabase, makeClickhouseDatabase } from './make-clickhouse-database.ts';

/** What it thinks of refusals is no news. */
const log = { level: ClickHouseLogLevel.OFF };

type Client = ClickHouseClient & AsyncDisposable;

function connect({ url, user: username, password, tls }: ClickhouseFacts, database: string): Client {
  const ca = tls === null ? {} : { tls: { ca_cert: readFileSync(tls.caFile) } };
  const client = createClient({ url, username, password, database, request_timeout: 60_000, log, ...ca });
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

async function count(database: ClickhouseDatabase, table = 't'): Promise<unknown> {
  return (await database.query(`SELECT count() AS n FROM ${table}`))[0]?.['n'];
}

/** The bytes of a query in a format. */
async function bytesOf(client: Client, query: string): Promise<Buffer> {
  const { stream } = await client.exec({ query });
  const parts: Buffer[] = [];
  for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

describeWithClickhouse('the ClickHouse of the tests', (clickhouse) => {
  it('answers as a server: databases, parameters, formats, headers, summary', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using client = connect(clickhouse(), database.name);
    expect(await client.ping()).toEqual({ success: true });
    const asked = await client.query({
      query: "SELECT {s:String} AS s, {n:UInt64} AS n, currentDatabase() AS d, getSetting('max_threads') AS t",
      query_params: { s: "o'n\t\\ é\n", n: '18446744073709551615' },
      clickhouse_settings: { max_threads: 3, output_format_json_quote_64bit_integers: 1 },
      format: 'JSONEachRow',
      query_id: 'first',
    });
    expect(asked.query_id).toBe('first');
    expect(asked.response_headers['x-clickhouse-query-id']).toBe('first');
    const row = { s: "o'n\t\\ é\n", n: '18446744073709551615', d: database.name, t: 3 };
    expect(await asked.json()).toEqual([row]);
    const [engine] = await database.query(`SELECT engine FROM system.databases WHERE name = '${database.name}'`);
    expect(engine).toEqual({ engine: 'Atomic' });
    await client.command({ query: 'CREATE TABLE t (a Int64) ENGINE = MergeTree ORDER BY a' });
    const { summary } = await client.insert({ table: 't', values: [{ a: 1 }, { a: 2 }], format: 'JSONEachRow' });
    expect(summary).toMatchObject({ written_rows: '2' });
  });

  it('takes Arrow and Parquet as they stream, in the blocks that settings ask for', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using client = connect(clickhouse(), database.name);
    await database.query('CREATE TABLE t (a Int64, b Nullable(String)) ENGINE = MergeTree ORDER BY a');
    for (const format of ['ArrowStream', 'Parquet', 'CSV']) {
      await database.query('TRUNCATE TABLE t');
      const rows = "SELECT toInt64(number) AS a, if(number % 3 = 0, NULL, concat('é', toString(number))) AS b";
      const bytes = await bytesOf(client, `${rows} FROM numbers(1_500_000) FORMAT ${format}`);
      const parts = async function* () {
        for (let at = 0; at < bytes.length; at += 300_000) {
          yield bytes.subarray(at, at + 300_000);
          await sleep(0);
        }
      };
      await client.exec({
        query: `INSERT INTO t (a, b) SETTINGS max_insert_block_size = 2_000_000 FORMAT ${format}`,
        values: Readable.from(parts(), { objectMode: false }),
        clickhouse_settings: { min_insert_block_size_rows: '5000000', min_insert_block_size_bytes: '0' },
      });
      const facts = await database.query('SELECT count() AS n, uniqExact(a) AS u, countIf(b IS NULL) AS z FROM t');
      expect(facts, format).toEqual([{ n: '1500000', u: '1500000', z: '500000' }]);
      const made = await database.query("SELECT count() AS n FROM system.parts WHERE table = 't' AND active");
      expect(made, format).toEqual([{ n: '1' }]);
    }
    const query = "SELECT a FROM t ORDER BY a LIMIT 2 SETTINGS output_format_arrow_compression_method = 'none'";
    const arrow = tableFromIPC(await bytesOf(client, `${query} FORMAT ArrowStream`));
    expect(arrow.toArray().map(String)).toEqual(['{"a": 0}', '{"a": 1}']);
  });

  it('unpacks what a client packed, and packs what it asks for', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    const { url, user: username, password } = clickhouse();
    const client = createClient({
      ...{ url, username, password, database: database.name },
      compression: { request: true, response: true },
    });
    await database.query('CREATE TABLE t (a String) ENGINE = MergeTree ORDER BY a');
    await client.insert({
      table: 't',
      values: Array.from({ length: 1000 }, (_, n) => [`r${n}`]),
      format: 'JSONCompactEachRow',
    });
    const rows = await client.query({ query: 'SELECT count() AS n FROM t', format: 'JSONEachRow' });
    expect(await rows.json()).toEqual([{ n: 1000 }]);
    const { stream, response_headers } = await client.exec({
      query: 'SELECT 42 FORMAT CSV',
      decompress_response_stream: false,
    });
    expect(response_headers['content-encoding']).toBe('gzip');
    const parts: Buffer[] = [];
    for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
    expect(gunzipSync(Buffer.concat(parts)).toString()).toBe('42\n');
    await client.close();
  });

  it('commits nothing of a block whose body breaks off', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using client = connect(clickhouse(), database.name);
    await database.query('CREATE TABLE t (a Int64) ENGINE = MergeTree ORDER BY a');
    for (const format of ['ArrowStream', 'CSV', 'JSONEachRow']) {
      const bytes = await bytesOf(client, `SELECT toInt64(number) AS a FROM numbers(1000) FORMAT ${format}`);
      const broken = Readable.from(
        (async function* () {
          yield bytes.subarray(0, bytes.length - 20);
          await sleep(50);
          throw new Error('the source broke');
        })(),
        { objectMode: false },
      );
      await expect(client.exec({ query: `INSERT INTO t FORMAT ${format}`, values: broken })).rejects.toThrow();
      const waiting = async (): Promise<boolean> =>
        (await database.query("SELECT count() AS n FROM system.processes WHERE query LIKE 'INSERT%'"))[0]?.['n'] !==
        '0';
      while (await waiting()) await sleep(10);
      expect(await count(database), format).toBe('0');
    }
  });

  it('knows what is under way by its query_id, lets others read meanwhile, and kills it', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using client = connect(clickhouse(), database.name);
    await database.query('CREATE TABLE t (a Int64) ENGINE = MergeTree ORDER BY a');
    const bytes = await bytesOf(client, 'SELECT toInt64(number) AS a FROM numbers(10) FORMAT ArrowStream');
    let go = (): void => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const values = Readable.from(
      (async function* () {
        yield bytes.subarray(0, 200);
        await held;
        yield bytes.subarray(200);
      })(),
      { objectMode: false },
    );
    const query_id = `load-${database.name}`;
    const insert = client.exec({ query: 'INSERT INTO t FORMAT ArrowStream', values, query_id });
    const running = (): Promise<unknown> =>
      database.query(`SELECT query_id FROM system.processes WHERE query_id = '${query_id}'`);
    while (((await running()) as unknown[]).length === 0) await sleep(10);
    expect(await count(database)).toBe('0');
    await expect(client.command({ query: 'SELECT 1', query_id })).rejects.toMatchObject({ code: '216' });
    go();
    await insert;
    expect(await running()).toEqual([]);
    expect(await count(database)).toBe('10');

    const slow = client.command({ query: 'SELECT count() FROM numbers(1e13) WHERE sipHash64(number) = 1', query_id });
    const killed = expect(slow).rejects.toMatchObject({ code: '394', type: 'QUERY_WAS_CANCELLED' });
    while (((await running()) as unknown[]).length === 0) await sleep(10);
    await client.command({ query: 'KILL QUERY WHERE query_id = {id:String} SYNC', query_params: { id: query_id } });
    await killed;
  });

  it('deduplicates by token where there is a window, as the engine does', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using client = connect(clickhouse(), database.name);
    for (const [table, window, rows] of [
      ['with_window', 10, '1'],
      ['without', 0, '2'],
    ] as const) {
      const settings = `SETTINGS non_replicated_deduplication_window = ${window}`;
      await database.query(`CREATE TABLE ${table} (a Int64) ENGINE = MergeTree ORDER BY a ${settings}`);
      for (let twice = 0; twice < 2; twice += 1) {
        const clickhouse_settings = { insert_deduplication_token: 'x', async_insert: 0 as const };
        await client.insert({ table, values: [[1]], format: 'JSONCompactEachRow', clickhouse_settings });
      }
      expect(await count(database, table)).toBe(rows);
    }
  });

  it('refuses as a server does', async () => {
    await using database = await makeClickhouseDatabase(clickhouse());
    await using client = connect(clickhouse(), database.name);
    const refused = async (query: string, code: string, type: string, values?: Readable): Promise<void> => {
      const asked = values === undefined ? client.command({ query }) : client.exec({ query, values });
      await expect(asked, query).rejects.toMatchObject({ code, type });
    };
    await refused('SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE');
    await refused(
      'INSERT INTO nowhere FORMAT ArrowStream',
      '60',
      'UNKNOWN_TABLE',
      Readable.from([Buffer.alloc(9_000_000)]),
    );
    await refused('SELEC 1', '62', 'SYNTAX_ERROR');
    await refused('SELECT 1; DROP DATABASE x', '62', 'SYNTAX_ERROR');
    await refused("SELECT throwIf(1, 'a (B) c')", '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO');
    await refused('SELECT {p:String}', '456', 'UNKNOWN_QUERY_PARAMETER');
    await refused('SELECT 1 SETTINGS no_such_setting = 1', '115', 'UNKNOWN_SETTING');
    await using elsewhere = connect(clickhouse(), 'no_such_database');
    await expect(elsewhere.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '81' });
    const guess = { ...clickhouse(), password: 'guess' };
    await using stranger = connect(guess, 'atlas');
    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    const answer = await fetch(clickhouse().url, { method: 'POST', body: 'SELECT 1' });
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([401, '194']);
    const { status } = await fetch(`${clickhouse().url}/?query=SELECT+nothing`, {
      headers: { 'x-clickhouse-user': clickhouse().user, 'x-clickhouse-key': clickhouse().password },
    });
    expect(status).toBe(404);
    const error: unknown = await client.command({ query: 'SELECT * FROM nowhere' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClickHouseError);
    expect((error as Error).message).toMatch(/^Unknown table expression identifier 'nowhere'/);
  });
});

describeWithOwnClickhouse(
  'a ClickHouse that is broken',
  { user: 'etl', tls: true, version: '20.8.1.4' },
  (clickhouse) => {
    it('speaks TLS by the name localhost, and says it is old', async () => {
      await using client = connect(clickhouse(), 'atlas');
      const answer = await client.query({ query: 'SELECT version() AS v', format: 'JSONEachRow' });
      expect(await answer.json()).toEqual([{ v: '20.8.1.4' }]);
      const { url, user: username, password } = clickhouse();
      const trusting = createClient({ url, username, password, log });
      await expect(trusting.query({ query: 'SELECT 1' })).rejects.toThrow(/certificate/);
      await trusting.close();
    });

    it('is there again with its data after it was killed, with less rights or no room on its disk', async () => {
      await clickhouse().query('CREATE TABLE t (a Int64) ENGINE = MergeTree ORDER BY a');
      await clickhouse().query('INSERT INTO t SELECT number FROM numbers(10)');
      const before = clickhouse().pid;
      await clickhouse().restart({ grants: ['GRANT SELECT ON atlas.*'] });
      expect(clickhouse().pid).not.toBe(before);
      expect(await clickhouse().query('SELECT count() AS n FROM t')).toEqual([{ n: '10' }]);
      await expect(clickhouse().query('INSERT INTO t VALUES (1)')).rejects.toThrow('Code: 497.');
      await clickhouse().restart({ keepFreeBytes: 1e15 });
      await expect(clickhouse().query('INSERT INTO t VALUES (1)')).rejects.toThrow('Code: 243.');
      await clickhouse().restart();
      const [facts] = await clickhouse().query("SELECT count() AS n, version() > '26' AS new FROM t");
      expect(facts).toEqual({ n: '10', new: 1 });
    });
  },
);
