import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSource } from '../../conformance/source/read-source.ts';
import { describeWithMariadb, describeWithOwnMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from './mysql-connection.ts';
import { openSource } from './open-source.ts';

async function rowsOf(...args: Parameters<typeof openSource>): Promise<readonly (readonly unknown[])[]> {
  await using source = await openSource(...args);
  return (await readSource(source)).rows;
}

describeWithMariadb('tables of MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
  });
  afterAll(() => database?.[Symbol.asyncDispose]());
  const connection = () => mysqlConnection(mariadb(), database.name);

  it('may have any names', async () => {
    const column = '`; DROP TABLE x; -- ';
    const table = 'a "b" `c`.d; -- ünï';
    const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
    await database.query(
      `CREATE TABLE x (a int); CREATE TABLE ${quoted(table)} (${quoted(`${column}z`)} int, id int PRIMARY KEY)`,
    );
    await database.query(`INSERT INTO ${quoted(table)} VALUES (7, 1), (NULL, 2)`);
    const keys = { table: `"${table.replaceAll('"', '""')}"` };
    const read = await rowsOf(connection(), { ...keys, split_by: `${column}z` }, {}, 2);
    expect(read.map((row) => row.map(String))).toEqual([
      ['7', '1'],
      ['null', '2'],
    ]);
    expect(await database.query('SELECT count(*) FROM x')).toEqual([['0']]);
  });

  it.each([1, 1000])('may have %i columns', async (count) => {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    await database.query(`CREATE TABLE wide${count} (${names.map((name) => `${name} smallint`).join(', ')})`);
    await database.query(`INSERT INTO wide${count} VALUES (${names.map((_, index) => index).join(', ')})`);
    const [row = []] = await rowsOf(connection(), { table: `wide${count}` });
    expect(row.map(Number)).toEqual(names.map((_, index) => index));
  });

  it('may be empty', async () => {
    await database.query('CREATE TABLE nothing (a int)');
    expect(await rowsOf(connection(), { table: 'nothing', verify_count: true })).toEqual([]);
  });

  it('may hold rows longer than a packet', async () => {
    await database.query('CREATE TABLE long_ones (id int PRIMARY KEY, body longtext)');
    await database.query('SET GLOBAL max_allowed_packet = 67108864').catch(() => []);
    await database.query("INSERT INTO long_ones SELECT 1, REPEAT('é', 6000000) UNION SELECT 2, 'short'");
    const rows = await rowsOf(connection(), { table: 'long_ones', max_row_bytes: 32 << 20 });
    expect(rows.map(([, body]) => String(body).length)).toEqual([6_000_000, 5]);
  });

  it("tell the server's number and words where a query is wrong", async () => {
    await expect(openSource(connection(), { query: 'SELECT 1 FRM t' })).rejects.toMatchObject({
      code: 'ATLAS_DB_QUERY',
      message: expect.stringMatching(/could not prepare the query .*SQL syntax.*error 1064, SQLSTATE 42000/),
    });
    await expect(openSource(connection(), { table: 'not_there' })).rejects.toMatchObject({
      code: 'ATLAS_DB_TABLE_MISSING',
    });
  });

  it('that were altered after they were planned are not read', async () => {
    await database.query('CREATE TABLE altered (id int PRIMARY KEY, a int)');
    await using source = await openSource(connection(), { table: 'altered' });
    await database.query('ALTER TABLE altered MODIFY a bigint');
    await expect(source.survey({ signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'ATLAS_DB_CHANGED',
      message: expect.stringMatching(/"a" was int.* and is bigint/),
    });
  });

  it('of which the user may not read are denied, by name', async () => {
    const user = `u${database.name.slice(-8)}`;
    await database.query(
      `CREATE TABLE secret (a int, b int); CREATE USER ${user}@'%' IDENTIFIED BY 'pw'; GRANT SELECT (a) ON ${database.name}.secret TO ${user}@'%'`,
    );
    try {
      await expect(
        rowsOf({ ...connection(), user, password: 'pw' }, { query: 'SELECT * FROM secret' }),
      ).rejects.toMatchObject({ code: 'ATLAS_DB_DENIED', message: expect.stringMatching(/secret/) });
    } finally {
      await database.query(`DROP USER ${user}@'%'`);
    }
  });
});

describeWithOwnMariadb(
  'a MariaDB with a zone and settings of its own, that speaks TLS',
  {
    tls: true,
    settings: {
      'default-time-zone': '+05:45',
      'sql-mode': 'ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH',
      'max-statement-time': '100',
    },
  },
  (mariadb) => {
    it('gives the same instants and texts as any other, and all rows', async () => {
      await using database = await makeMariadbDatabase(mariadb());
      await database.query(`CREATE TABLE t (id int PRIMARY KEY, at timestamp(6) NULL, local datetime, code char(5));
        SET time_zone = '+00:00'; INSERT INTO t VALUES (1, '2020-06-01 12:00:00.000001', '2020-06-01 12:00:00', 'ab'), (2, NULL, NULL, ''), (3, NULL, NULL, NULL)`);
      const connection = mysqlConnection(mariadb(), database.name);
      await database.query('SET GLOBAL sql_select_limit = 2');
      const features = [
        { name: 'at', type: 'string' },
        { name: 'local', type: 'string' },
        { name: 'code', type: 'string' },
      ];
      expect(
        (await rowsOf(connection, { table: 't', features })).map((row) =>
          row.map((cell) => (cell === null ? null : String(cell))),
        ),
      ).toEqual([
        ['2020-06-01 12:00:00.000001', '2020-06-01 12:00:00', 'ab'],
        [null, null, ''],
        [null, null, null],
      ]);
    });

    it("is not spoken to where its certificate is another's, or nobody vouches for it", async () => {
      await using database = await makeMariadbDatabase(mariadb());
      const connection = mysqlConnection(mariadb(), database.name, { attempts: 1 });
      const { tls } = connection;
      if (tls === null) throw new Error('the server speaks TLS');
      for (const other of [
        { ...tls, serverName: 'elsewhere.example' },
        { ...tls, caFile: null },
      ]) {
        await expect(openSource({ ...connection, tls: other }, { table: 't' })).rejects.toMatchObject({
          code: 'ATLAS_DB_TLS',
        });
      }
    });
  },
);
