import { rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { startMariadb } from '../services/mariadb/start-mariadb.ts';
import { startPostgres } from '../services/postgres/start-postgres.ts';
import { cacheFolder, requireSpace } from './cache.ts';
import type { DatabaseJob } from './database-job.ts';
import { databaseReaders } from './database-readers.ts';
import { reportDatabase } from './database-report.ts';
import { type LoadedDatabase, loadMariadb, loadPostgres, TABLE } from './database-table.ts';
import { machine } from './machine.ts';
import type { Measurement } from './measure.ts';
import { THREADS } from './subjects.ts';

export interface DatabaseBenchOptions {
  readonly kind: DatabaseJob['kind'];
  /** Of the table; five million without it. */
  readonly rows: number | null;
  readonly runs: number;
}

const ROWS = 5_000_000;

/**
 * A table made within a server of its own, read to Parquet by us and by ClickHouse's engine, to objects by the usual library, and to
 * nowhere by the server's own client: each in a process of its own, interleaved, after a round that is not counted. Answers whether
 * the promise is kept.
 */
export async function databaseBench({ kind, rows: wanted, runs }: DatabaseBenchOptions): Promise<boolean> {
  const rows = wanted ?? ROWS;
  requireSpace(cacheFolder(), rows * 400);
  // The table is to be read from memory.
  const megabytes = Math.floor(Math.min(totalmem() / 4, 4 * 2 ** 30) / 2 ** 20);
  if (kind === 'postgresql') {
    const settings = { shared_buffers: `${megabytes}MB`, wal_level: 'minimal', max_wal_senders: '0' };
    await using server = await startPostgres({ settings });
    await using database = await told(rows, () => loadPostgres(server, rows));
    return await race(
      { ...server.facts, kind, database: database.name, table: TABLE, threads: THREADS },
      database,
      rows,
      runs,
    );
  }
  await using server = await startMariadb({ settings: { 'innodb-buffer-pool-size': `${megabytes}M` } });
  await using database = await told(rows, () => loadMariadb(server, rows));
  return await race(
    { ...server.facts, kind, database: database.name, table: TABLE, threads: THREADS },
    database,
    rows,
    runs,
  );
}

async function race(
  job: Omit<DatabaseJob, 'output'>,
  database: LoadedDatabase,
  rows: number,
  runs: number,
): Promise<boolean> {
  const readers = databaseReaders(job);
  const measured = new Map<string, Measurement[]>(readers.map(({ name }) => [name, []]));
  for (let run = 0; run <= runs; run += 1) {
    for (const { name, read } of readers) {
      const result = await read();
      const what = run === 0 ? 'warming up' : `${run}/${runs}`;
      console.error(
        `${job.kind} ${what} ${name}: ${result.seconds.toFixed(2)} s, CPU ${result.cpuSeconds.toFixed(2)} s, ` +
          `peak ${(result.peakBytes / 1e6).toFixed(0)} MB`,
      );
      if (run > 0) measured.get(name)?.push(result);
    }
  }
  console.log(
    `\n${machine()}; ${database.version} on the same machine: ${rows} rows of ten columns, ` +
      `${(database.bytes / 1e6).toFixed(0)} MB. Medians of ${runs} interleaved runs, whole processes.\n`,
  );
  const kept = await reportDatabase(job.kind, rows, readers, measured);
  for (const { output } of readers) {
    if (output === null) continue;
    rmSync(output, { force: true });
    rmSync(`${output}.home`, { recursive: true, force: true });
  }
  return kept;
}

async function told(rows: number, load: () => Promise<LoadedDatabase>): Promise<LoadedDatabase> {
  const begun = performance.now();
  const database = await load();
  console.error(`made ${rows} rows in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return database;
}
