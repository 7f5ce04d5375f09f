import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSource } from '../../conformance/source/read-source.ts';
import { describeWithMariadb, describeWithOwnMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from './mysql-connection.ts';
import { openSource } from './open-source.ts';

const ACCOUNTS = 20_000;
const { signal } = new AbortController();
/** Every account holds 100: whatever is moved between them, they hold the same together. */
const ROWS = `CREATE TABLE accounts (id int PRIMARY KEY, amount int NOT NULL, pad varchar(100));
  INSERT INTO accounts SELECT seq, 100, REPEAT('x', 90) FROM seq_1_to_${ACCOUNTS}; ANALYZE TABLE accounts`;
const KEYS = { table: 'accounts', slice_bytes: 100_000, fetch_size: 1000, verify_count: true };

/** Moves money between far accounts, in transactions, until it is disposed. */
function writer(database: MariadbDatabase): AsyncDisposable & { readonly moved: () => number } {
  let on = true;
  let moved = 0;
  const running = (async () => {
    while (on) {
      const [from, to] = [1 + (moved % 5000), ACCOUNTS - (moved % 5000)];
      await database.query(
        `START TRANSACTION; UPDATE accounts SET amount = amount - 7 WHERE id = ${from};
         UPDATE accounts SET amount = amount + 7 WHERE id = ${to}; COMMIT`,
      );
      moved += 1;
    }
  })();
  return {
    moved: () => moved,
    [Symbol.asyncDispose]: async () => {
      on = false;
      await running;
    },
  };
}

describeWithMariadb('several readers of MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(ROWS);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  it.each([
    ['snapshot', /read by (4|3|2) connections, whose snapshots stand at the same position|others could not be brought/],
    ['locked', /read by 4 connections in one snapshot: the table was locked/],
  ])('see the same while others write (%s)', async (consistency, promise) => {
    await using writing = writer(database);
    for (let round = 0; round < 3; round += 1) {
      const before = writing.moved();
      await using source = await openSource(mysqlConnection(mariadb(), database.name), { ...KEYS, consistency }, {}, 4);
      const { rows, survey } = await readSource(source);
      expect(survey.notes[0]).toMatch(promise);
      expect(survey.rows).toBe(ACCOUNTS);
      expect(rows.length).toBe(ACCOUNTS);
      expect(rows.reduce((sum, [, amount]) => sum + Number(amount), 0)).toBe(ACCOUNTS * 100);
      await expect.poll(writing.moved).toBeGreaterThan(before);
      await sleep(1);
    }
  });

  it('tell where each has a snapshot of its own, and where there can only be one', async () => {
    const notesOf = async (keys: object): Promise<string> => {
      await using source = await openSource(mysqlConnection(mariadb(), database.name), { ...KEYS, ...keys }, {}, 3);
      return (await source.survey({ signal })).notes.join('; ');
    };
    await database.query(
      'CREATE TABLE heap (a int, pad varchar(100)); INSERT INTO heap SELECT id, pad FROM accounts; ANALYZE TABLE heap',
    );
    await database.query(
      'CREATE TABLE old (id int PRIMARY KEY, pad varchar(100)) ENGINE = MyISAM; INSERT INTO old SELECT id, pad FROM accounts',
    );
    expect(await notesOf({ consistency: 'per_reader' })).toMatch(
      /each in a snapshot of its own: rows that change meanwhile may be missing/,
    );
    expect(await notesOf({ table: 'heap' })).toMatch(/one connection .*no single key/);
    expect(await notesOf({ table: 'old' })).toMatch(
      /one connection .*MyISAM knows no snapshots.*as it is while its one statement reads it/,
    );
    expect(await notesOf({ workers: 1 })).toMatch(/read by one connection in one consistent snapshot$/);
    await expect(notesOf({ split_by: 'pad' })).rejects.toMatchObject({ code: 'ATLAS_DB_SPLIT' });
  });

  it.each([
    ['integers far apart', 'bigint', 'IF(seq <= 2900, seq, seq * 1000000000000)'],
    ['dates', 'date', "'2020-01-01' + INTERVAL seq DAY"],
    ['datetimes with fractions', 'datetime(6)', "'1969-12-31 23:59:59.5' + INTERVAL seq * 137 MICROSECOND"],
    [
      'uuids',
      'uuid',
      'CAST(CONCAT(LEFT(MD5(seq), 8), "-", MID(MD5(seq), 9, 4), "-4", MID(MD5(seq), 14, 3), "-8", MID(MD5(seq), 18, 3), "-", RIGHT(MD5(seq), 12)) AS UUID)',
    ],
  ])('part a table by %s into ranges that leave nothing out', async (name, type, value) => {
    const table = `split_${name.split(' ')[0]}`;
    await database.query(`CREATE TABLE ${table} (k ${type} NULL, seq int, pad varchar(100), KEY (k));
      INSERT INTO ${table} SELECT IF(seq % 500 = 0, NULL, ${value}), seq, REPEAT('x', 90) FROM seq_1_to_3000;
      ANALYZE TABLE ${table}`);
    const features = [{ name: 'seq', type: 'int32' }];
    const connection = mysqlConnection(mariadb(), database.name);
    await using source = await openSource(
      connection,
      { ...KEYS, table, split_by: 'k', slice_bytes: 40_000, features, consistency: 'per_reader' },
      {},
      4,
    );
    const { rows, tallies } = await readSource(source);
    expect(rows.map(([seq]) => Number(seq)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 3000 }, (_, index) => index + 1),
    );
    const sizes = tallies.map(({ rowsRead }) => rowsRead);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.at(-1)).toBe(6);
    expect(Math.max(...sizes)).toBeLessThan(1500);
  });
});

describeWithOwnMariadb('a MariaDB without a binary log', { settings: { 'skip-log-bin': null } }, (mariadb) => {
  it('is read by one connection, and says why', async () => {
    await using database = await makeMariadbDatabase(mariadb());
    await database.query(ROWS);
    await using source = await openSource(mysqlConnection(mariadb(), database.name), KEYS, {}, 4);
    const survey = await source.survey({ signal });
    expect(survey.notes[0]).toMatch(/one connection in one consistent snapshot: the server keeps no binary log/);
  });
});
