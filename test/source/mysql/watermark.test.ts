import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IncrementalRange } from '../../../src/flow/dataset-plan.ts';
import { openMysqlSource } from '../../../src/source/mysql/mysql-source.ts';
import { readSource } from '../../conformance/source/read-source.ts';
import { describeWithMariadb } from '../../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../../services/mariadb/make-mariadb-database.ts';
import { mysqlConnection } from './mysql-connection.ts';
import { planOf } from './plan-of.ts';

const ALL: IncrementalRange = { from: null, fromInclusive: false, to: null, toInclusive: true, nulls: false };

describeWithMariadb('the range of a column in MariaDB', (mariadb) => {
  let database: MariadbDatabase;
  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(`CREATE TABLE t (id int PRIMARY KEY, big bigint unsigned, at datetime(6), price decimal(40,4), day date);
      INSERT INTO t VALUES
        (1, 9007199254740992, '2020-01-01 00:00:00.000001', 12345678901234567890123456789012345.0001, '2020-01-01'),
        (2, 9007199254740993, '2020-01-01 00:00:00.000002', 12345678901234567890123456789012345.0002, '2020-01-02'),
        (3, 18446744073709551615, '2020-01-01 00:00:00.000003', 12345678901234567890123456789012345.0003, '2020-01-10'),
        (4, NULL, NULL, NULL, NULL)`);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  it.each([
    ['big', '9007199254740992', '18446744073709551615'],
    ['at', '2020-01-01 00:00:00.000001', '2020-01-01 00:00:00.000003'],
    ['price', '12345678901234567890123456789012345.0001', '12345678901234567890123456789012345.0003'],
    ['day', '2020-01-01', '2020-01-10'],
  ])(
    '%s begins behind the watermark, to the last digit, and ends at the greatest value',
    async (column, from, reached) => {
      const connection = mysqlConnection(mariadb(), database.name);
      const features = [{ name: 'id', type: 'int32' }];
      const keys = { table: 't', features, incremental: { column, nulls: 'exclude' }, verify_count: true };
      const plan = await planOf(connection, keys);
      const read = async (range: IncrementalRange) => {
        await using source = await openMysqlSource({ ...plan, range }, { reserve: 0, loadedAt: 0n, connection });
        const { survey, rows } = await readSource(source);
        return {
          ids: rows.map(([id]) => Number(id)).sort(),
          watermark: survey.watermark,
          counted: survey.rows,
          empty: survey.empty,
        };
      };
      expect(await read(ALL)).toMatchObject({ ids: [1, 2, 3], counted: 3, watermark: { reached, nulls: 1 } });
      expect(await read({ ...ALL, from })).toMatchObject({ ids: [2, 3], watermark: { reached, nulls: 1 } });
      expect(await read({ ...ALL, from, fromInclusive: true, nulls: true })).toMatchObject({
        ids: [1, 2, 3, 4],
        counted: 4,
      });
      expect(await read({ ...ALL, from, to: reached, toInclusive: false })).toMatchObject({ ids: [2] });
      expect(await read({ ...ALL, from: reached })).toMatchObject({
        ids: [],
        empty: true,
        watermark: { reached: null, nulls: 1 },
      });
    },
  );
});
