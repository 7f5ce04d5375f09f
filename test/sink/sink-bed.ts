import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parquetReserve } from '../../src/encode/parquet/arena.ts';
import { openParquetEncoder } from '../../src/encode/parquet/encoder.ts';
import type { DatasetPlan, ParquetDatasetPlan, ParquetDestinationPlan } from '../../src/flow/dataset-plan.ts';
import type { Fragment } from '../../src/flow/fragment.ts';
import type { Sink, Staged } from '../../src/flow/sink.ts';
import { Kernel } from '../../src/kernel/kernel.ts';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import { planOfFiles } from '../../src/sink/parquet/plan-of-files.ts';
import { localStore } from '../../src/store/local-store.ts';
import { buildBatch, field } from '../encode/build-batch.ts';

export const through = { signal: new AbortController().signal };

const SCHEMA = { fields: [field('id', 'bigint!'), field('name', 'string'), field('day', 'string')] };

/** A plan for `path`, of three columns (id, name, day). */
export function planFor(path: string, destination: Partial<ParquetDestinationPlan> = {}): ParquetDatasetPlan {
  return {
    ocs: 'group',
    dataset: 'set',
    source: { type: 'csv' } as DatasetPlan['source'],
    schema: SCHEMA,
    destination: {
      type: 'parquet',
      path,
      folder: false,
      mode: 'overwrite',
      layout: 'plain',
      compression: 'snappy',
      compressionLevel: null,
      encodings: 'auto',
      rowGroupRows: 100_000,
      rowGroupBytes: 1 << 25,
      pageBytes: 1 << 20,
      maxRowsPerFile: null,
      partitionBy: [],
      ...destination,
    },
    onError: 'fail',
    maxRejects: null,
    rejectsPath: null,
    onEmpty: 'fail',
    onDrift: 'fail',
    needs: [],
    notes: [],
    hash: 'f'.repeat(64),
  };
}

/** Real row groups: of `rows` rows each, ids going on from one to the next. */
export async function fragmentsFor(
  plan: ParquetDatasetPlan,
  groups: readonly { readonly rows: number; readonly partition?: string }[],
): Promise<readonly Fragment[]> {
  const files = planOfFiles(plan);
  const kernel = await Kernel.open(parquetReserve(files) + 4_000_000);
  using encoder = await openParquetEncoder(files, kernel);
  const fragments: Fragment[] = [];
  let id = 0n;
  for (const { rows, partition = null } of groups) {
    const ids = Array.from({ length: rows }, () => id++);
    const columns = [ids, ids.map((n) => `name ${n}`), ids.map((n) => `day ${n % 3n}`)];
    const kept = columns.slice(0, files.schema.fields.length);
    encoder.append(buildBatch(kernel, files.schema, kept), 0, rows);
    fragments.push({ ...structuredClone(encoder.finish()!), partition });
  }
  return fragments;
}

export interface SinkBed extends AsyncDisposable {
  readonly root: string;
  readonly at: (...names: string[]) => string;
}

/** An empty folder of its own. */
export async function sinkBed(below = tmpdir()): Promise<SinkBed> {
  const root = await mkdtemp(join(below, 'atlas-sink-'));
  return {
    root,
    at: (...names) => join(root, ...names),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Opens the plan's sink, drafts, writes and stages; `run` names the draft. */
export async function stageAll(sink: Sink, run: string, fragments: readonly Fragment[]): Promise<Staged> {
  await using draft = await sink.draft(run, through);
  for (const fragment of fragments) await draft.write(fragment, through);
  return await draft.stage(through);
}

/** The whole of a sink's part: lock, stage, commit. */
export async function publish(plan: ParquetDatasetPlan, run: string, fragments: readonly Fragment[]): Promise<Staged> {
  await using sink = await openParquetSink(plan, { ...through, store: localStore });
  await using lock = await sink.lock(run, through);
  await sink.check(through);
  const staged = await stageAll(sink, run, fragments);
  await lock.confirm(through);
  await sink.commit(staged, through);
  return staged;
}

/** Every file and folder below `root`, relative, in order; folders end in a slash. */
export async function treeOf(root: string): Promise<readonly string[]> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  return names
    .map((entry) => relative(root, join(entry.parentPath, entry.name)) + (entry.isDirectory() ? '/' : ''))
    .sort();
}

/** Permission bits. */
export async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o7777;
}

export const bytesOf = (path: string): Promise<Buffer> => readFile(path);
