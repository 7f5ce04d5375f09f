import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { cacheFolder } from './cache.ts';
import { csvBench } from './csv-bench.ts';
import { memoryBench } from './memory-bench.ts';
import { smallBench } from './small-bench.ts';

const USAGE = `npm run bench -- csv [--rows N] [--runs 3] [--only main,nulls,quoted,crlf,rejects,wide] [--subjects atlas,duckdb,clickhouse,parquetjs] [--readme]
npm run bench -- memory [--rows N] [--runs 3]
npm run bench -- small [--runs 10]
npm run bench -- hdfs [--rows N] [--runs 3]   to a real HDFS, against the Java client and the local disk
npm run bench -- hdfs --large [--rows N]      memory of a 5 GB upload
npm run bench -- postgres [--rows N] [--runs 3]   a table to Parquet, against psql's COPY, ClickHouse and pg-cursor
npm run bench -- mysql [--rows N] [--runs 3]   the same of MariaDB, against its own client, ClickHouse and mysql2
npm run bench -- clickhouse [--rows N] [--runs 3]   a CSV file into a MergeTree, against ClickHouse's own reader and JSONEachRow
npm run bench -- damage [--seed N] [--every N] [--readme]   what becomes of damaged files, here and elsewhere
npm run bench -- clean      removes the generated tables`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string' },
    large: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    subjects: { type: 'string' },
    readme: { type: 'boolean', default: false },
    seed: { type: 'string' },
    every: { type: 'string' },
  },
});
const rows = values.rows === undefined ? null : Number(values.rows);
const runs = Number(values.runs);
const list = (text: string | undefined): readonly string[] | null => text?.split(',') ?? null;

/** True where what was measured is what was promised; the exit code says so. */
async function bench(what: string | undefined): Promise<boolean> {
  if (what === 'csv') {
    return csvBench({ rows, runs, only: list(values.only), subjects: list(values.subjects), readme: values.readme });
  }
  if (what === 'memory') return memoryBench({ rows, runs });
  if (what === 'hdfs') {
    const { hdfsBench, hdfsMemoryBench } = await import('./hdfs-bench.ts');
    return values.large ? hdfsMemoryBench({ rows }) : hdfsBench({ rows, runs });
  }
  if (what === 'postgres' || what === 'mysql') {
    const { databaseBench } = await import('./database-bench.ts');
    return databaseBench({ kind: what === 'postgres' ? 'postgresql' : what, rows, runs });
  }
  if (what === 'clickhouse') {
    const { clickhouseBench } = await import('./clickhouse-bench.ts');
    return clickhouseBench({ rows, runs });
  }
  if (what === 'small') return smallBench({ runs });
  if (what === 'damage') {
    // It works inside the source, and is bundled with it; it reads the same arguments.
    await import(new URL('../../pollution/main.js', import.meta.url).href);
    return process.exitCode === 0;
  }
  if (what === 'clean') {
    rmSync(cacheFolder(), { recursive: true });
    return true;
  }
  console.error(USAGE);
  return false;
}

process.exitCode = (await bench(positionals[0])) ? 0 : 1;
