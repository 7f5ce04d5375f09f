import { expect, it } from 'vitest';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { Dice } from './crash-moments.ts';
import { DatabaseCrashSite, type DatabaseEnded, type DatabaseMoment } from './database-crash-site.ts';

/** `ATLAS_DATABASE_MOMENTS` takes more of them, `ATLAS_SEED` repeats a choice. */
const MOST = Number(process.env['ATLAS_DATABASE_MOMENTS'] ?? 4);
const SEED = Number(process.env['ATLAS_SEED'] ?? Date.now() % 1_000_000);
const ROWS = 6000;

describeWithPostgres('databases to HDFS: from PostgreSQL', (postgres) => {
  describeWithMariadb('and MariaDB', (mariadb) => {
    describeWithHadoop('to a real NameNode', (hadoop) => {
      const title = 'streams RDBMS cursors with fetch size into Arrow batches and writes Parquet to HDFS';
      it(`${title}, killed at random moments and recovered (seed ${SEED})`, { timeout: 1_800_000 }, async () => {
        const dice = new Dice(SEED);
        const servers = { postgres: postgres(), mariadb: mariadb(), hdfs: hadoop().url };
        await using site = await DatabaseCrashSite.build(servers);
        await site.grow(ROWS);
        expect(await site.run('copy')).toMatchObject({ code: 0 });
        expect(await site.differences()).toEqual([]);
        await site.grow(ROWS);
        const whole = await site.run('cursor');
        expect(whole).toMatchObject({ code: 0 });
        let fell = 0;
        for (let trial = 0; fell < MOST && trial < MOST * 10; trial++) {
          await site.grow(ROWS);
          const extraction = dice.pick(['copy', 'cursor'] as const);
          // every third time the recovery is killed too
          const blows = Array.from({ length: dice.roll(3) === 0 ? 2 : 1 }, () => momentOf(whole, dice));
          for (const blow of blows) {
            const { killed, code, err } = await site.run(extraction, blow);
            if (killed) fell += 1;
            else expect(code, `not killed at ${JSON.stringify(blow)}: ${err}`).toBe(0);
          }
          const { code, err } = await site.run(extraction);
          expect(code, `after ${JSON.stringify(blows)}: ${err}`).toBe(0);
          const problems = [...(await site.differences()), ...(await site.leftovers())];
          expect(problems, `killed at ${JSON.stringify(blows)}`).toEqual([]);
        }
        expect(fell).toBeGreaterThanOrEqual(MOST);
      });
    });
  });
});

/** Somewhere in a run like the one that was whole: among its requests, or among the bytes of its rows. */
function momentOf(whole: DatabaseEnded, dice: Dice): DatabaseMoment {
  const at = dice.pick(['hdfs', 'hdfs', 'postgres', 'mariadb'] as const);
  if (at === 'hdfs') {
    return { at, index: dice.roll(whole.requests), when: dice.pick(['before', 'body', 'after'] as const) };
  }
  const connection = dice.roll(whole[at].length);
  return { at, connection, bytes: 1 + dice.roll(whole[at][connection] ?? 1) };
}
