import { createConnection } from 'mysql2/promise';
import { expect, it } from 'vitest';
import { describeWithMariadb, describeWithOwnMariadb } from './describe-with-mariadb.ts';
import { makeMariadbDatabase, openMariadb } from './make-mariadb-database.ts';

describeWithMariadb('the MariaDB of the tests', (mariadb) => {
  it('makes a database that is gone afterwards, and answers in its own text', async () => {
    let name: string;
    {
      await using database = await makeMariadbDatabase(mariadb());
      name = database.name;
      await database.query('CREATE TABLE t (a int, b decimal(9,2), c blob); INSERT INTO t VALUES (1, 1.5, NULL)');
      expect(await database.query('SELECT * FROM t')).toEqual([['1', '1.50', null]]);
      expect(await database.query('SELECT ? + 1', [41])).toEqual([['42']]);
      expect(await database.query("SELECT 1; SELECT 'x'")).toEqual([['x']]);
      expect(await database.query('SELECT count(*), max(seq) FROM seq_1_to_1000')).toEqual([['1000', '1000']]);
    }
    await expect(openMariadb(mariadb(), name)).rejects.toMatchObject({ code: 'ER_BAD_DB_ERROR' });
  });

  it('asks for the password', async () => {
    const { host, port, user } = mariadb();
    const guess = createConnection({ host, port, user, password: 'guess' });
    await expect(guess).rejects.toMatchObject({ code: 'ER_ACCESS_DENIED_ERROR' });
  });

  it('says where a consistent snapshot stands in its binary log', async () => {
    await using database = await makeMariadbDatabase(mariadb());
    await database.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    const position = await database.query("SHOW STATUS LIKE 'binlog_snapshot_%'");
    expect(position).toEqual([
      ['Binlog_snapshot_file', expect.stringMatching(/^binlog\.\d+$/)],
      ['Binlog_snapshot_position', expect.stringMatching(/^\d+$/)],
    ]);
  });
});

describeWithOwnMariadb(
  'a MariaDB that is broken',
  { tls: true, settings: { 'default-time-zone': '+05:45', 'local-infile': 'OFF', 'require-secure-transport': 'ON' } },
  (mariadb) => {
    it('is reached by TLS only, and has its own time zone and settings', async () => {
      const { host, port, user, password } = mariadb();
      await expect(createConnection({ host, port, user, password })).rejects.toMatchObject({
        code: 'ER_ACCESS_DENIED_ERROR',
      });
      await using database = await makeMariadbDatabase(mariadb());
      expect(await database.query('SELECT @@time_zone, @@local_infile')).toEqual([['+05:45', '0']]);
    });

    it('loses its sessions when it is killed, and is there again with its data', async () => {
      await using database = await makeMariadbDatabase(mariadb());
      await database.query('CREATE TABLE t AS SELECT 7 AS a');
      const asleep = expect(database.query('SELECT sleep(60)')).rejects.toThrow();
      const before = mariadb().pid;
      await mariadb().restart({ 'default-time-zone': '-03:30' });
      await asleep;
      expect(mariadb().pid).not.toBe(before);
      expect(await database.query('SELECT a, @@time_zone FROM t')).toEqual([['7', '-03:30']]);
    });
  },
);
