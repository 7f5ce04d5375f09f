import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HadoopHome } from '../services/hadoop/hadoop-home.ts';
import { type Hadoop, startHadoop } from '../services/hadoop/start-hadoop.ts';
import { cacheFolder, requireSpace, table, warm } from './cache.ts';
import type { Job } from './job.ts';
import { machine } from './machine.ts';
import { type Measurement, measure, measureProgram, median } from './measure.ts';
import { atlasCommand, THREADS } from './subjects.ts';
import { columnsOf, VARIANTS, type Variant } from './variant.ts';

/** What runs on servers; tests' own machines start sooner and compile less. */
const JAVA = ['-Xmx1g'];
const SHELL = 'org.apache.hadoop.fs.FsShell';
const FOLDER = '/bench';
/** What is promised: time over that of the slower of a local run and `hdfs dfs -put`; memory above a local run's. */
const MOST_TIME = 1.25;
const MOST_MEMORY = 150 * 2 ** 20;
/** Rows whose Parquet file, not compressed, has about 5 GB. */
const LARGE_ROWS = 64_000_000;
const MEBIBYTE = 2 ** 20;

/** The receipt's facts that are compared. */
interface Outcome {
  readonly bytes: number;
  readonly sha256: string;
  readonly proof?: { readonly compared: string };
}

/** Rounds before the first that counts: a NameNode and a DataNode that were started just now are still being compiled, those of a cluster are not. */
const WARMING = 4;

/**
 * The main CSV file to HDFS, to the local disk, and `hdfs dfs -put` of the finished Parquet file, each in a process of its own, interleaved,
 * after a round that is not counted: the DataNode compiles itself then. The Java client's own start is measured too, by putting an empty
 * file. Answers whether the promise is kept.
 */
export async function hdfsBench(options: { readonly rows: number | null; readonly runs: number }): Promise<boolean> {
  const { job, bytes } = jobOf(options.rows, 'hdfs');
  requireSpace(cacheFolder(), bytes * 2);
  await using hadoop = await startHadoop({ java: JAVA });
  const java = await HadoopHome.open(hadoop.home, undefined, JAVA);
  const empty = join(cacheFolder(), 'empty');
  writeFileSync(empty, '');
  await java.run(SHELL, ['-mkdir', '-p', FOLDER]);
  const put = (file: string): Promise<Measurement> =>
    measureProgram('java', java.java(SHELL, ['-put', '-f', file, `${FOLDER}/put.parquet`]));
  const remote = toHdfs(hadoop, job, 'run.parquet', {});
  const subjects: readonly (readonly [string, () => Promise<Measurement>])[] = [
    ['local run', () => measure(atlasCommand(job))],
    ['run to HDFS', () => measure(remote)],
    ['hdfs dfs -put', () => put(job.output)],
    ['hdfs dfs -put of nothing', () => put(empty)],
  ];
  const measured = new Map<string, Measurement[]>(subjects.map(([name]) => [name, []]));
  for (let run = 1 - WARMING; run <= options.runs; run += 1) {
    for (const [name, work] of subjects) {
      const result = await work();
      const what = run <= 0 ? 'warming up' : `${run}/${options.runs}`;
      console.error(`hdfs ${what} ${name}: ${result.seconds.toFixed(2)} s, CPU ${result.cpuSeconds.toFixed(2)} s`);
      if (run > 0) measured.get(name)?.push(result);
    }
  }
  const of = (name: string): readonly Measurement[] => measured.get(name) ?? [];
  const seconds = (name: string): number => median(of(name).map((each) => each.seconds));
  const same = sameFile(of('local run').at(-1), of('run to HDFS').at(-1));
  console.log(
    `\n${machine()}, Hadoop on the same machine. Medians of ${options.runs} interleaved runs, whole processes.\n`,
  );
  for (const [name] of subjects) {
    const cpu = median(of(name).map(({ cpuSeconds }) => cpuSeconds));
    const peak = median(of(name).map(({ peakBytes }) => peakBytes)) / MEBIBYTE;
    const line = `${seconds(name).toFixed(2)} s, CPU ${cpu.toFixed(2)} s, peak RSS ${peak.toFixed(0)} MiB`;
    console.log(`* ${name}: ${line}`);
  }
  const slower = Math.max(seconds('local run'), seconds('hdfs dfs -put'));
  const ratio = seconds('run to HDFS') / slower;
  const bare = seconds('hdfs dfs -put') - seconds('hdfs dfs -put of nothing');
  console.log(
    `* ${(bytes / 1e6).toFixed(0)} MB of CSV, ${(statSync(job.output).size / 1e6).toFixed(1)} MB of Parquet; ${same}`,
  );
  console.log(`* run to HDFS over the slower of local run and put: ${ratio.toFixed(2)} × (at most ${MOST_TIME})`);
  console.log(
    `* over the sum of a local run and the put without the start of its Java machine (${bare.toFixed(2)} s): ` +
      `${(seconds('run to HDFS') / (seconds('local run') + bare)).toFixed(2)} ×`,
  );
  discard(job);
  return ratio <= MOST_TIME;
}

/** Peak memory of a large upload above that of the same run to the local disk. Answers whether the promise is kept. */
export async function hdfsMemoryBench(options: { readonly rows: number | null }): Promise<boolean> {
  const { job, bytes } = jobOf(options.rows ?? LARGE_ROWS, 'hdfs-large');
  requireSpace(cacheFolder(), bytes * 3);
  await using hadoop = await startHadoop({ java: JAVA });
  const destination = { compression: 'none', encodings: 'compatible' };
  const local = await measure(atlasCommand(job, { destination }));
  rmSync(job.output);
  const remote = await measure(toHdfs(hadoop, job, 'large.parquet', destination));
  const above = remote.peakBytes - local.peakBytes;
  const { bytes: size } = outcomeOf(remote);
  console.log(`\n${machine()}, Hadoop on the same machine.\n`);
  console.log(
    `* ${(bytes / 1e9).toFixed(2)} GB of CSV, ${(size / 1e9).toFixed(2)} GB of Parquet; ${sameFile(local, remote)}`,
  );
  for (const [name, { seconds, peakBytes }] of [
    ['local run', local],
    ['run to HDFS', remote],
  ] as const) {
    console.log(`* ${name}: ${seconds.toFixed(1)} s, peak RSS ${(peakBytes / MEBIBYTE).toFixed(0)} MiB`);
  }
  console.log(`* above the local run: ${(above / MEBIBYTE).toFixed(0)} MiB (at most ${MOST_MEMORY / MEBIBYTE})`);
  discard(job);
  return above <= MOST_MEMORY;
}

function jobOf(wanted: number | null, name: string): { readonly job: Job; readonly bytes: number } {
  const variant = VARIANTS[0] as Variant;
  const { path, bytes } = table(variant, wanted ?? variant.rows);
  warm(path);
  const output = join(cacheFolder(), `${name}.parquet`);
  return {
    job: { input: path, output, columns: columnsOf(variant), rejects: false, threads: THREADS, limit: null },
    bytes,
  };
}

function toHdfs(hadoop: Hadoop, job: Job, name: string, destination: object) {
  const output = `${job.output}.remote`;
  mkdirSync(`${output}.home`, { recursive: true });
  const lake = { type: 'webhdfs', url: new URL(hadoop.url).origin, user: userInfo().username };
  const path = `hdfs://lake${FOLDER}/${name}`;
  return atlasCommand({ ...job, output }, { connections: { lake }, destination: { ...destination, path } });
}

function outcomeOf({ stdout }: Measurement): Outcome {
  const { datasets } = JSON.parse(stdout) as { datasets: readonly { files: readonly Outcome[] }[] };
  const outcome = datasets[0]?.files[0];
  if (outcome === undefined) throw new Error(`no file was published: ${stdout.slice(0, 500)}`);
  return outcome;
}

/** Fails unless both published the same bytes. */
function sameFile(local: Measurement | undefined, remote: Measurement | undefined): string {
  if (local === undefined || remote === undefined) throw new Error('nothing was measured');
  const [here, there] = [outcomeOf(local), outcomeOf(remote)];
  if (here.sha256 !== there.sha256) throw new Error(`SHA-256 ${here.sha256} locally, ${there.sha256} to HDFS`);
  return `the same bytes in both places; proven: ${there.proof?.compared ?? 'nothing'}`;
}

function discard({ output }: Job): void {
  for (const path of [output, `${output}.home`, `${output}.remote.home`])
    rmSync(path, { recursive: true, force: true });
}
