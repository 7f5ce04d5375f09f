import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { duckdbRows } from '../judges/judges.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { describeWithMariadb } from '../services/mariadb/describe-with-mariadb.ts';
import { type MariadbDatabase, makeMariadbDatabase } from '../services/mariadb/make-mariadb-database.ts';
import { describeWithPostgres } from '../services/postgres/describe-with-postgres.ts';
import { makePostgresDatabase, type PostgresDatabase } from '../services/postgres/make-postgres-database.ts';
import { startProxy } from '../services/proxy.ts';
import { DatabaseMemoryBed, type WideServer } from './database-memory-bed.ts';

const ROWS = 450_000;
/** What is promised of any table. */
const MOST = 300e6;
const CREATE = 'CREATE TABLE wide (id bigint PRIMARY KEY, text text)';
const TEXT = (n: string): string => `concat(${n}, ' ', repeat(md5(${n}), 31))`;

describeWithPostgres('the memory that a table of PostgreSQL takes', (postgres) => {
  let database: PostgresDatabase;
  const server = (): WideServer => ({ ...postgres(), kind: 'postgresql', database: database.name });

  beforeAll(async () => {
    database = await makePostgresDatabase(postgres());
    await database.query(CREATE);
    await database.query(`INSERT INTO wide SELECT n, ${TEXT('n::text')} FROM generate_series(1, ${ROWS}) AS n`);
  }, 300_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it.each(['copy', 'cursor'])('is bounded, however large it is, by %s', { timeout: 300_000 }, async (extraction) => {
    await expectBounded(server(), { extraction });
  });

  describeWithHadoop('and is written to HDFS', (hadoop) => {
    it('does not grow while HDFS takes nothing: the server waits', { timeout: 300_000 }, async () => {
      let release = (): void => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      let uploads = 0;
      await using lake = await startProxy({
        route: async ({ url = '/' }) => {
          const to = new URL(url, hadoop().url);
          if (to.searchParams.get('op') !== 'CREATE' || !to.pathname.endsWith('.atlas-draft')) return to;
          uploads += 1;
          await held;
          return to;
        },
      });
      const folder = `hdfs://lake/memory/${randomBytes(6).toString('hex')}`;
      await using bed = await DatabaseMemoryBed.open(server());
      const { sent, peak, ended } = bed.run(
        { fetch_size: 2000 },
        { path: `${folder}/wide.parquet` },
        { lake: declaredHdfs({ url: `${lake.url}/webhdfs/v1` }) },
      );
      for (let before = -1; uploads === 0 || sent() !== before; ) {
        before = sent();
        await sleep(2000);
      }
      expect(sent()).toBeLessThan(MOST);
      expect(peak()).toBeLessThan(MOST);
      release();
      expect(await ended).toMatchObject({ code: 0 });
      expect(sent()).toBeGreaterThan(ROWS * 1000);
      await using stores = openStores({ lake: hdfsConnection(hadoop()) });
      await (await stores.of(folder)).remove(folder, { signal: new AbortController().signal });
    });
  });
});

describeWithMariadb('the memory that a table of MariaDB takes', (mariadb) => {
  let database: MariadbDatabase;

  beforeAll(async () => {
    database = await makeMariadbDatabase(mariadb());
    await database.query(`SET sql_log_bin = 0; ${CREATE}`);
    await database.query(`INSERT INTO wide SELECT seq, ${TEXT('seq')} FROM seq_1_to_${ROWS}`);
  }, 300_000);
  afterAll(() => database[Symbol.asyncDispose]());

  it('is bounded, however large it is', { timeout: 300_000 }, async () => {
    await expectBounded({ ...mariadb(), kind: 'mysql', database: database.name }, {});
  });
});

/** Reads the whole table, much larger than what is promised, and looks at the process from outside. */
async function expectBounded(server: WideServer, source: object): Promise<void> {
  await using bed = await DatabaseMemoryBed.open(server);
  const { sent, peak, ended } = bed.run({ fetch_size: 2000, ...source }, {});
  expect(await ended).toMatchObject({ code: 0 });
  expect(sent()).toBeGreaterThan(1.4 * MOST);
  expect(peak()).toBeGreaterThan(0);
  expect(peak()).toBeLessThan(MOST);
  const file = join(bed.root, 'wide.parquet');
  const facts = await duckdbRows(
    `SELECT count(*), count(DISTINCT id), min(id), max(id), sum(strlen(text)) FROM '${file}'`,
  );
  const bytes = Array.from({ length: ROWS }, (_, index) => String(index + 1).length + 993).reduce((a, b) => a + b, 0);
  expect(facts).toEqual([[String(ROWS), String(ROWS), '1', String(ROWS), String(bytes)]]);
}
