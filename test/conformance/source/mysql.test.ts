import { afterAll, beforeAll } from 'vitest';
import { describeWithMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from '../../source/mysql/mysql-connection.ts';
import { openSource } from '../../source/mysql/open-source.ts';
import { describeSource } from './describe-source.ts';

/** Rows of several pieces, with values that do not fit their features among them. */
const ROWS = `
CREATE TABLE things (id bigint PRIMARY KEY, part int, small bigint, label varchar(40), made datetime(6), KEY (part));
INSERT INTO things
  SELECT seq, IF(seq % 11 = 0, NULL, seq % 50), IF(seq % 100 = 7, 3000000000, seq),
    IF(seq % 250 = 9, NULL, CONCAT('label ', seq)), '2020-01-01' + INTERVAL seq HOUR
  FROM seq_1_to_3000;
CREATE VIEW seen AS SELECT * FROM things;
ANALYZE TABLE things;`;

const features = [
  { name: 'made', type: 'timestamp(us)' },
  { name: 'number', type: 'int32', from: 'small' },
  { name: 'label', type: 'string', nullable: false },
  { name: 'id', type: 'int64' },
  { name: 'from', type: 'string', value: '@file' },
];

describeWithMariadb('MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(ROWS);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  const bed = (
    name: string,
    ways: readonly (readonly [string, object])[],
    taskBytes: readonly number[],
    workers = 1,
    whole = false,
  ): void =>
    describeSource(name, () => ({
      ways: (slice_bytes) =>
        ways.map(([way, keys]) => ({
          name: way,
          open: () =>
            openSource(
              mysqlConnection(mariadb(), database.name),
              { features, slice_bytes, fetch_size: 333, consistency: 'per_reader', ...keys },
              { least: '0' },
              workers,
            ),
        })),
      taskBytes,
      whole,
      bytes: null,
      [Symbol.dispose]: () => undefined,
    }));

  bed(
    'mysql, pieces of one result',
    [
      ['a table', { table: 'things', workers: 1 }],
      ['a table, with a condition', { table: 'things', workers: 1, where: 'id > {{ least }} -- all' }],
    ],
    [1 << 30, 60_000, 400],
  );
  bed(
    'mysql, ranges of the primary key',
    [
      ['a table', { table: 'things' }],
      ['a table, with a condition', { table: 'things', where: 'id > {{ least }} -- all' }],
    ],
    [1 << 30, 60_000, 20_000],
    3,
  );
  bed(
    'mysql, ranges of a key with NULLs',
    [['a table', { table: 'things', split_by: 'part' }]],
    [1 << 30, 60_000, 20_000],
    3,
  );
  bed(
    'mysql, a query',
    [
      ['as it stands', { query: 'SELECT * FROM seen -- all' }],
      ['with a bound value', { query: 'SELECT * FROM seen WHERE id > {{ least }} -- all' }],
    ],
    [1 << 30, 60_000, 20_000],
    1,
    // nobody knows how much a query answers: it always has the same number of pieces, most of them empty
    true,
  );
});
