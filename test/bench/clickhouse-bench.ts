import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { askClickhouse } from '../services/clickhouse/ask-clickhouse.ts';
import type { ClickhouseService } from '../services/clickhouse/clickhouse-service.ts';
import { startClickhouse } from '../services/clickhouse/start-clickhouse.ts';
import { cacheFolder, requireSpace, table, warm } from './cache.ts';
import { BENCH_TABLE, type ClickhouseJob, createTable } from './clickhouse-job.ts';
import { atlasToClickhouse, clickhousePeer } from './clickhouse-programs.ts';
import { DUCKDB_TYPES } from './duckdb-types.ts';
import { machine } from './machine.ts';
import { type Measurement, measure, median, script } from './measure.ts';
import { THREADS } from './subjects.ts';
import { compare } from './trial.ts';
import { columnsOf, VARIANTS, type Variant } from './variant.ts';

/** What is promised: time over that of the engine's own reader; how many times as fast as objects; bytes of memory, the engine's apart. */
const MOST_TIME = 1;
const LEAST_FASTER = 5;
const MOST_MEMORY = 300e6;
/** Rows for objects, which would take minutes for all; their time is scaled. */
const OBJECT_SHARE = 0.1;

interface Program {
  readonly name: string;
  /** Of the rows, in the file that it is given. */
  readonly share: number;
  readonly run: () => Promise<Measurement>;
}

/**
 * The main CSV file into a MergeTree: ours into the embedded engine, the engine's own CSV reader in a process of its own, ours to a server,
 * and objects as JSONEachRow to the same, interleaved. Answers whether the promises are kept and all tables hold the same rows.
 */
export async function clickhouseBench(options: {
  readonly rows: number | null;
  readonly runs: number;
}): Promise<boolean> {
  const variant = VARIANTS[0] as Variant;
  const rows = options.rows ?? variant.rows;
  const { path, bytes } = table(variant, rows);
  const head = table(variant, Math.max(1, Math.round(rows * OBJECT_SHARE)));
  requireSpace(cacheFolder(), bytes * 4);
  for (const file of [path, head.path]) warm(file);
  const home = join(cacheFolder(), 'clickhouse');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  await using service = await startClickhouse();
  const common = { columns: columnsOf(variant), threads: THREADS };
  const embedded = (name: string): ClickhouseJob => {
    const folder = join(home, name);
    rmSync(folder, { recursive: true, force: true });
    return { ...common, input: path, folder, server: null };
  };
  const served = (input: string): ClickhouseJob => ({ ...common, input, folder: null, server: service.facts });
  const programs: readonly Program[] = [
    { name: OURS, share: 1, run: () => measure(atlasToClickhouse(embedded('ours'), join(home, 'ours.home'))) },
    { name: READER, share: 1, run: () => measure(clickhousePeer('clickhouse-table', embedded('reader'))) },
    {
      name: SERVED,
      share: 1,
      run: async () => {
        await askClickhouse(service, `DROP TABLE IF EXISTS ${BENCH_TABLE.name} SYNC`);
        return measure(atlasToClickhouse(served(path), join(home, 'served.home')));
      },
    },
    {
      name: OBJECTS,
      share: head.bytes / bytes,
      run: async () => {
        await renewTable(service);
        return measure(clickhousePeer('clickhouse-json', served(head.path)));
      },
    },
  ];
  const measured = new Map<string, Measurement[]>(programs.map(({ name }) => [name, []]));
  for (let run = 0; run <= options.runs; run += 1) {
    for (const { name, run: work } of programs) {
      const result = await work();
      const what = run === 0 ? 'warming up' : `${run}/${options.runs}`;
      console.error(
        `clickhouse ${what} ${name}: ${result.seconds.toFixed(2)} s, CPU ${result.cpuSeconds.toFixed(2)} s`,
      );
      if (run > 0) measured.get(name)?.push(result);
    }
  }
  console.log(
    `\n${machine()}. Medians of ${options.runs} interleaved runs, whole processes. ${rows} rows × ${common.columns.length}, ` +
      `${(bytes / 1e6).toFixed(0)} MB; objects: ${head.bytes} bytes of them, time scaled.\n`,
  );
  const kept = report(programs, measured, rows);
  const same = await agree(home, variant);
  rmSync(home, { recursive: true, force: true });
  return kept && same;
}

const OURS = 'atlas-ingest, embedded engine';
const READER = "the engine's own CSV reader";
const SERVED = 'atlas-ingest, HTTP';
const OBJECTS = 'csv-parse, @clickhouse/client JSONEachRow';

async function renewTable(service: ClickhouseService): Promise<void> {
  await askClickhouse(service, `DROP TABLE IF EXISTS ${BENCH_TABLE.name} SYNC`);
  await askClickhouse(service, createTable(columnsOf(VARIANTS[0] as Variant), service.database));
}

/** Prints medians, each goal and what was reached; answers whether all were. */
function report(
  programs: readonly Program[],
  measured: ReadonlyMap<string, readonly Measurement[]>,
  rows: number,
): boolean {
  const of = (name: string, what: (one: Measurement) => number): number => median((measured.get(name) ?? []).map(what));
  const share = new Map(programs.map((program) => [program.name, program.share]));
  const seconds = (name: string): number => of(name, (one) => one.seconds) / (share.get(name) ?? 1);
  for (const { name } of programs) {
    const pace = `${(rows / seconds(name) / 1e6).toFixed(2)} M rows/s`;
    const cpu = `CPU of its process ${of(name, (one) => one.cpuSeconds).toFixed(2)} s`;
    const peak = `peak RSS ${(of(name, (one) => one.peakBytes) / 1e6).toFixed(0)} MB`;
    console.log(`* ${name}: ${seconds(name).toFixed(2)} s, ${pace}, ${cpu}, ${peak}`);
  }
  const time = seconds(OURS) / seconds(READER);
  const faster = seconds(OBJECTS) / seconds(SERVED);
  const peak = Math.max(...[OURS, SERVED].map((name) => of(name, (one) => one.peakBytes)));
  console.log(`* time over that of the engine's own reader: ${time.toFixed(2)} × (at most ${MOST_TIME})`);
  console.log(`* as fast as JSONEachRow: ${faster.toFixed(1)} × (at least ${LEAST_FASTER})`);
  console.log(`* peak RSS, the engine apart: ${(peak / 1e6).toFixed(0)} MB (at most ${MOST_MEMORY / 1e6})`);
  return time <= MOST_TIME && faster >= LEAST_FASTER && peak <= MOST_MEMORY;
}

/** Whether both engines' tables hold the same rows, judged by DuckDB. */
async function agree(home: string, variant: Variant): Promise<boolean> {
  const dump = async (name: string): Promise<string> => {
    const job = { folder: join(home, name), output: join(home, `${name}.parquet`) };
    await measure({ args: [script('./peers/clickhouse-dump.js'), JSON.stringify(job)] });
    return job.output;
  };
  const [ours, theirs] = [await dump('ours'), await dump('reader')];
  const columns = columnsOf(variant).map(({ name, kind }) => ({ name, type: DUCKDB_TYPES[kind] }));
  const { rows, onlyLeft, onlyRight } = await compare(ours, theirs, columns);
  const equal = onlyLeft === 0 && onlyRight === 0;
  const told = equal ? 'equal, EXCEPT ALL both ways' : `${onlyLeft} and ${onlyRight} rows are not in the other`;
  console.log(`* ${OURS} (${rows[0]} rows) and ${READER} (${rows[1]} rows): ${told}`);
  return equal;
}
