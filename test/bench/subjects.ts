import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Job } from './job.ts';
import { type Command, script } from './measure.ts';

/** A program under measurement: how to ask it to do a job. */
export interface Subject {
  readonly name: string;
  readonly command: (job: Job) => Command;
}

/** What metadata calls the kinds of columns. */
export const FEATURE_TYPES = {
  int64: 'int64',
  int16: 'int16',
  timestamp: 'timestamp',
  double: 'double',
  text: 'string',
} as const;

/** The root of the repository, from wherever the scripts were compiled to. */
export function repositoryRoot(): string {
  let folder = dirname(script('./x'));
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}

/** Where the command writes to, if not to the job's output, and how. */
export interface AtlasTarget {
  /** As a document declares them. */
  readonly connections?: object;
  /** Keys of the destination. */
  readonly destination?: object;
}

/** The command people type, with a metadata document and state of its own beside the output. */
export function atlasCommand(job: Job, target: AtlasTarget = {}): Command {
  const home = `${job.output}.home`;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, 'metadata'), { recursive: true });
  const features = job.columns.map(({ name, kind }, index) => ({
    name,
    type: FEATURE_TYPES[kind],
    nullable: index > 0,
  }));
  const dataset = {
    name: 'bench',
    source: { type: 'csv', path: job.input, features },
    destination: { type: 'parquet', path: job.output, ...target.destination },
    ...(job.rejects ? { on_error: 'reject', max_rejects: '5%' } : {}),
  };
  const { connections = {} } = target;
  const document = { version: 1, ocs: 'bench', connections, dataset_config: [dataset] };
  writeFileSync(join(home, 'metadata', 'bench.json'), JSON.stringify(document));
  const bin = join(repositoryRoot(), 'bin', 'atlas-ingest.js');
  return { args: [bin, 'run', '--ocs', 'bench', '--metadata', join(home, 'metadata'), '--json', '-q'] };
}

function peer(name: string, file: string): Subject {
  return { name, command: (job) => ({ args: [script(`./peers/${file}.js`), JSON.stringify(job)] }) };
}

export const ATLAS: Subject = { name: 'atlas-ingest', command: (job) => atlasCommand(job) };
export const DUCKDB = peer('DuckDB', 'duckdb');
export const CLICKHOUSE = peer('ClickHouse', 'clickhouse');
export const PARQUETJS = peer('csv-parse + parquetjs-lite', 'parquetjs');

/** Threads that every subject may use. */
export const THREADS = availableParallelism();
