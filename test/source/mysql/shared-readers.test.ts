import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTask } from '../../conformance/source/read-source.ts';
import { describeWithMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from './mysql-connection.ts';
import { openSource } from './open-source.ts';

const ROWS = 40_000;
const { signal } = new AbortController();

describeWithMariadb('sources that read through the one that surveyed', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(`CREATE TABLE t (id int PRIMARY KEY, pad varchar(100));
      INSERT INTO t SELECT seq, REPEAT('x', seq % 90) FROM seq_1_to_${ROWS}; ANALYZE TABLE t`);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  it.each([
    ['pieces of one result', { workers: 1 }],
    ['ranges of a key', {}],
  ])('share its snapshot: %s, whoever asks first', async (_name, keys) => {
    const open = () =>
      openSource(
        mysqlConnection(mariadb(), database.name),
        { table: 't', slice_bytes: 100_000, consistency: 'locked', ...keys },
        {},
        3,
      );
    await using main = await open();
    const survey = await main.survey({ signal });
    await database.query('UPDATE t SET id = -id WHERE id % 2 = 0; DELETE FROM t WHERE id % 5 = 0');
    try {
      const others = [await open(), await open()];
      for (const other of others)
        other.join?.(main.share?.() as NonNullable<ReturnType<NonNullable<typeof main.share>>>);
      const ids: number[] = [];
      // the one that has the later tasks asks before the other
      const lanes = others.map(async (source, index) => {
        for (const task of survey.tasks.filter((each) => each.index % 2 === 1 - index)) {
          const { rows } = await readTask(source, task, survey, Number.POSITIVE_INFINITY, signal);
          ids.push(...rows.map(([id]) => Number(id)));
        }
      });
      await Promise.all(lanes);
      expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
      for (const other of others) await other[Symbol.asyncDispose]();
    } finally {
      await database.query(`DELETE FROM t; INSERT INTO t SELECT seq, REPEAT('x', seq % 90) FROM seq_1_to_${ROWS}`);
    }
  });

  it('are told why where a task cannot be read', async () => {
    await using main = await openSource(mysqlConnection(mariadb(), database.name), { table: 't', workers: 1 }, {}, 2);
    const survey = await main.survey({ signal });
    await using other = await openSource(mysqlConnection(mariadb(), database.name), { table: 't', workers: 1 });
    other.join?.(main.share?.() as NonNullable<ReturnType<NonNullable<typeof main.share>>>);
    const sessions = await database.query(
      `SELECT id FROM information_schema.processlist WHERE db = '${database.name}' AND id <> connection_id()`,
    );
    for (const [id] of sessions) await database.query(`KILL ${id}`);
    const [task] = survey.tasks;
    if (task === undefined) throw new Error('there is a task');
    await expect(readTask(other, task, survey, 1, signal)).rejects.toMatchObject({
      code: expect.stringMatching(/^ATLAS_DB_(LOST|UNREACHABLE)$/),
    });
  });
});
