import { expect, it } from 'vitest';
import { quoteClickhouseName } from '../../../../src/metadata/quote-clickhouse-name.ts';
import type { ClickhouseServer } from '../../../../src/sink/clickhouse/server/clickhouse-server.ts';
import { exceptionNumber } from '../../../../src/sink/clickhouse/server/server-exception.ts';
import { arrowMessages } from './arrow-messages.ts';

const { signal } = new AbortController();
const waiting = { signal };

const HOSTILE = [
  "'",
  "''",
  "\\'",
  '\\',
  '\\\\',
  "'; DROP TABLE t; --",
  '`"${x}{a:String}',
  'tab\tnew\nline\rreturn',
  '\\t\\n\\N',
  '\\N',
  'NULL',
  '\0 and \0',
  '\b\f\v\u0001\u001f\u007f',
  '\u2028\u2029',
  'é ß 中 \u{1f600}',
  '-- not a comment',
  '/* nor this',
  '{b:UInt8}',
  '%s %27 &x=1#',
  ' ',
  '',
];

/** What every way to speak to a ClickHouse must do. `server` has a database of its own, which is empty. */
export function testServer(server: () => ClickhouseServer): void {
  let last = 0;
  const makeTable = async (): Promise<string> => {
    last += 1;
    const table = `t${last}`;
    const settings = 'non_replicated_deduplication_window = 100';
    const sql = `CREATE TABLE ${table} (a Int64, b String) ENGINE = MergeTree ORDER BY a SETTINGS ${settings}`;
    await server().command({ sql }, waiting);
    return table;
  };
  const countOf = async (table: string): Promise<number> => {
    const [row] = await server().query({ sql: `SELECT count() AS n FROM ${table}` }, waiting);
    return Number(row?.['n']);
  };
  const insertInto = (table: string, settings: Readonly<Record<string, string | number>> = {}) =>
    server().insert({ sql: `INSERT INTO ${table} (a, b)`, format: 'ArrowStream', settings }, waiting);

  it('answers rows, with wide integers and decimals as text', async () => {
    const sql = `SELECT toUInt64('18446744073709551615') AS u, toInt64(-1) AS i, toInt128(5) AS w, toDecimal64('1.50', 2) AS d, 7 AS s,
      nan AS n, -inf AS f, -0. AS z, NULL AS e, true AS t, [1, 2]::Array(UInt8) AS l, concat('\\0', '\u2028') AS x`;
    expect(await server().query({ sql }, waiting)).toEqual([
      {
        u: '18446744073709551615',
        i: '-1',
        w: '5',
        d: '1.5',
        s: 7,
        n: 'nan',
        f: '-inf',
        z: -0,
        e: null,
        t: true,
        l: [1, 2],
        x: '\0\u2028',
      },
    ]);
  });

  it('answers columns with their types, however they are called, and no rows', async () => {
    const answer = await server().ask({ sql: 'SELECT 1 AS `__proto__`, 2 AS a WHERE 0 -- nothing' }, waiting);
    expect(answer).toEqual({
      columns: [
        { name: '__proto__', type: 'UInt8' },
        { name: 'a', type: 'UInt8' },
      ],
      rows: [],
    });
  });

  it('keeps text that is no UTF-8 as its bytes, and the text beside it as text', async () => {
    const sql = "SELECT unhex('ff00e280a822') AS bytes, 'é\u2028' AS text, unhex('c3') AS half";
    const [row] = await server().query({ sql }, waiting);
    expect(row).toEqual({
      bytes: Uint8Array.of(0xff, 0, 0xe2, 0x80, 0xa8, 0x22),
      text: 'é\u2028',
      half: Uint8Array.of(0xc3),
    });
  });

  it('binds parameters whatever they hold', async () => {
    for (const text of HOSTILE) {
      const rows = await server().query({ sql: 'SELECT {v:String} AS v', params: { v: text } }, waiting);
      expect(rows).toEqual([{ v: text }]);
    }
    const lists = { texts: HOSTILE, numbers: [0, 9007199254740991], none: [] };
    const sql =
      'SELECT {texts:Array(String)} AS texts, {numbers:Array(UInt64)}::Array(Float64) AS numbers, {none:Array(String)} AS none';
    expect(await server().query({ sql, params: lists }, waiting)).toEqual([lists]);
    const many = { sql: 'SELECT {a:UInt64} AS a, {b:Int32} AS b', params: { a: '18446744073709551615', b: -7 } };
    expect(await server().query(many, waiting)).toEqual([{ a: '18446744073709551615', b: -7 }]);
  });

  it('binds parameters of statements that run at once each to its own', async () => {
    const asked = Array.from({ length: 24 }, async (_, index) => {
      const rows = await server().query(
        { sql: 'SELECT toUInt32({v:UInt32} + sleep(0.02)) AS v', params: { v: index } },
        waiting,
      );
      return rows[0]?.['v'];
    });
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 24 }, (_, index) => index));
  });

  it('keeps settings to the statement that they are for', async () => {
    const sql = "SELECT getSetting('max_threads') AS n";
    const [own] = await server().query({ sql, settings: { max_threads: 3 } }, waiting);
    const [other] = await server().query({ sql }, waiting);
    expect(String(own?.['n'])).toBe('3');
    expect(String(other?.['n'])).not.toBe('3');
  });

  it('quotes names whatever they hold', async () => {
    for (const [index, text] of HOSTILE.filter((each) => each !== '' && !each.includes('\0')).entries()) {
      const name = quoteClickhouseName(`${index}${text}`);
      const column = quoteClickhouseName(text);
      await server().command({ sql: `CREATE TABLE ${name} (${column} Int8) ENGINE = Memory` }, waiting);
      const sql = 'SELECT name FROM system.columns WHERE database = currentDatabase() AND table = {t:String}';
      expect(await server().query({ sql, params: { t: `${index}${text}` } }, waiting)).toEqual([{ name: text }]);
      await server().command({ sql: `DROP TABLE ${name}` }, waiting);
    }
  }, 120_000);

  it('tells the number and the name of what the server refuses', async () => {
    const failed = server().command({ sql: 'DROP TABLE nothing_there' }, waiting);
    await expect(failed).rejects.toMatchObject({
      code: 'ATLAS_CH_STATEMENT',
      message: expect.stringContaining('60 UNKNOWN_TABLE'),
    });
    expect(exceptionNumber(await failed.catch((error: unknown) => error))).toBe(60);
  });

  it.each([
    ["SELECT toInt32('Tr0ub4dor')", 6],
    ["SELECT 'Tr0ub4dor' ~ x y z", 62],
    ["SELECT throwIf(1, 'Tr0ub4dor')", 395],
    ["SELECT * FROM nowhere WHERE x = 'Tr0ub4dor'", 60],
    ["SELECT nope FROM numbers(1) WHERE number = 'Tr0ub4dor'", 47],
    ["SELECT CAST('Tr0ub4dor' AS Enum8('a' = 1))", null],
    ["CREATE USER u IDENTIFIED BY 'Tr0ub4dor' SELECT", 62],
  ])('never tells what stands in a statement or a row: %s', async (sql, number) => {
    const error = await server()
      .query({ sql }, waiting)
      .catch((reason: unknown) => reason as Error);
    expect(error).toBeInstanceOf(Error);
    const { message, cause } = error as Error;
    expect(`${message} ${(cause as Error).message} ${(cause as Error).stack} ${JSON.stringify(error)}`).not.toContain(
      'Tr0ub4dor',
    );
    if (number !== null) expect(exceptionNumber(error)).toBe(number);
  });

  it('inserts a body that comes in pieces, of any size', async () => {
    const table = await makeTable();
    const bytes = Buffer.concat(arrowMessages([1, 2, 3], [4], [5, 6]));
    for (const size of [1, 7, 1000]) {
      await using insert = disposable(await insertInto(table));
      for (let at = 0; at < bytes.length; at += size) await insert.write(bytes.subarray(at, at + size));
      await insert.end();
    }
    expect(await countOf(table)).toBe(18);
    const rows = await server().query({ sql: `SELECT DISTINCT a, b FROM ${table} ORDER BY a LIMIT 2` }, waiting);
    expect(rows).toEqual([
      { a: '1', b: 'row 1' },
      { a: '2', b: 'row 2' },
    ]);
  });

  it('inserts several bodies at once, and answers meanwhile', async () => {
    const table = await makeTable();
    const inserts = await Promise.all(Array.from({ length: 6 }, () => insertInto(table)));
    for (const [index, message] of arrowMessages([1, 2]).entries()) {
      await Promise.all(inserts.map((insert) => insert.write(message)));
      if (index === 1) expect(await countOf(table)).toBe(0);
    }
    await Promise.all(inserts.map((insert) => insert.end()));
    expect(await countOf(table)).toBe(12);
  });

  it('takes a body of many megabytes only as fast as it is read', async () => {
    const table = await makeTable();
    const numbers = Array.from({ length: 100_000 }, (_, index) => index);
    const [schema, batch, end] = arrowMessages(numbers) as [Uint8Array, Uint8Array, Uint8Array];
    const insert = await insertInto(table, {
      min_insert_block_size_rows: 10_000_000,
      max_insert_block_size: 10_000_000,
    });
    await insert.write(schema);
    for (let count = 0; count < 20; count += 1) await insert.write(batch);
    await insert.write(end);
    await insert.end();
    expect(await countOf(table)).toBe(2_000_000);
  }, 120_000);

  const cuts: readonly (readonly [string, number])[] = [
    ['nothing', 0],
    ['the schema', 1],
    ['one batch', 2],
    ['all batches', 3],
    ['the end marker as well', 4],
  ];
  it.each(cuts)('drops a body that was aborted after %s', async (_what, count) => {
    const table = await makeTable();
    const insert = await insertInto(table);
    for (const message of arrowMessages([1, 2], [3, 4]).slice(0, count)) await insert.write(message);
    await insert.abort(new Error('no more'));
    await insert.abort(new Error('again'));
    expect(await countOf(table)).toBe(0);
  });

  it('drops a body that was aborted in the middle of a message', async () => {
    const table = await makeTable();
    const [schema, batch] = arrowMessages(Array.from({ length: 5_000 }, (_, index) => index)) as [
      Uint8Array,
      Uint8Array,
    ];
    for (const size of [1, 8, 100, 40_000, batch.length - 1]) {
      const insert = await insertInto(table);
      await insert.write(schema);
      await insert.write(batch.subarray(0, size));
      await insert.abort(new Error('no more'));
    }
    expect(await countOf(table)).toBe(0);
  });

  it('drops a body whose run is stopped', async () => {
    const table = await makeTable();
    const stopping = new AbortController();
    const insert = await server().insert(
      { sql: `INSERT INTO ${table} (a, b)`, format: 'ArrowStream' },
      { signal: stopping.signal },
    );
    const [schema, batch] = arrowMessages([1]) as [Uint8Array, Uint8Array];
    await insert.write(schema);
    await insert.write(batch);
    stopping.abort(new Error('Ctrl-C'));
    await insert.abort(stopping.signal.reason);
    expect(await countOf(table)).toBe(0);
  });

  it('says what is wrong with a body, by number, and goes on', async () => {
    const table = await makeTable();
    const insert = await insertInto(table);
    const failed = (async () => {
      await insert.write(Buffer.alloc(1000, 0x5a));
      await insert.end();
    })();
    await expect(failed).rejects.toMatchObject({ code: 'ATLAS_CH_STATEMENT' });
    await insert.abort(new Error('it failed'));
    expect(await countOf(table)).toBe(0);
  });

  it('says that there is no such table before the body has been sent', async () => {
    const failed = (async () => {
      const insert = await insertInto('nothing_there');
      for (const message of arrowMessages([1])) await insert.write(message);
      await insert.end();
    })();
    await expect(failed).rejects.toThrow('60 UNKNOWN_TABLE');
  });

  it('inserts a body once under one token', async () => {
    const table = await makeTable();
    for (const token of ['one', 'one', 'two']) {
      const insert = await insertInto(table, { insert_deduplication_token: token });
      for (const message of arrowMessages([1, 2])) await insert.write(message);
      await insert.end();
    }
    expect(await countOf(table)).toBe(4);
  });

  it('stops a query when its run is stopped', async () => {
    const stopping = new AbortController();
    const sql =
      'SELECT sum(sleepEachRow(0.05)) FROM numbers(1000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0';
    const asked = server().query({ sql }, { signal: stopping.signal });
    setTimeout(() => stopping.abort(new Error('Ctrl-C')), 300);
    await expect(asked).rejects.toThrow('Ctrl-C');
    await expect(server().query({ sql: 'SELECT 1' }, { signal: stopping.signal })).rejects.toThrow('Ctrl-C');
  });
}

function disposable<T extends { abort(reason: unknown): Promise<void> }>(insert: T): T & AsyncDisposable {
  return Object.assign(insert, { [Symbol.asyncDispose]: () => insert.abort(new Error('the test left')) });
}
