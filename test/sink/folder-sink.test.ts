import { chmod, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParquetFileWriter } from '../../src/encode/parquet/file-writer.ts';
import type { Sink } from '../../src/flow/sink.ts';
import { FolderSink } from '../../src/sink/parquet/folder-sink.ts';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import type { PartLimits } from '../../src/sink/parquet/part-files.ts';
import { planOfFiles } from '../../src/sink/parquet/plan-of-files.ts';
import { TargetPlace } from '../../src/sink/parquet/target-place.ts';
import { localStore } from '../../src/store/local-store.ts';
import { readRows } from './read-rows.ts';
import {
  fragmentsFor,
  modeOf,
  planFor,
  publish,
  type SinkBed,
  sinkBed,
  stageAll,
  through,
  treeOf,
} from './sink-bed.ts';

const FOLDER = { folder: true } as const;

describe('a new folder of Parquet files', () => {
  let bed: SinkBed;
  beforeEach(async () => {
    bed = await sinkBed();
  });
  afterEach(() => bed[Symbol.asyncDispose]());

  it('cuts files at max_rows_per_file, and names what it holds', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, maxRowsPerFile: 10 });
    const groups = [4, 4, 4, 10, 1].map((rows) => ({ rows }));
    const staged = await publish(plan, 'run-1', await fragmentsFor(plan, groups));
    expect(await treeOf(bed.root)).toEqual([
      'out/',
      'out/_atlas/',
      'out/_atlas/manifest.json',
      ...[0, 1, 2, 3].map((n) => `out/part-0000${n}.parquet`),
    ]);
    expect(staged.files.map(({ path, rows }) => [path, rows])).toEqual([
      ['part-00000.parquet', 8],
      ['part-00001.parquet', 4],
      ['part-00002.parquet', 10],
      ['part-00003.parquet', 1],
    ]);
    expect(staged).toMatchObject({ rows: 23, rowGroups: 5, post: { kind: 'folder' } });
    const manifest = JSON.parse(await readFile(bed.at('out', '_atlas', 'manifest.json'), 'utf8'));
    expect(manifest).toEqual({
      manifest_version: 1,
      plan: plan.hash,
      rows: 23,
      bytes: staged.bytes,
      files: staged.files,
    });
    expect(await readRows(bed.at('out', '*.parquet'))).toHaveLength(23);
  });

  it('lays partitions out as Hive does', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, partitionBy: ['day'] });
    const groups = [
      { rows: 2, partition: 'day=a%2Fb' },
      { rows: 3, partition: 'day=__HIVE_DEFAULT_PARTITION__' },
      { rows: 1, partition: 'day=a%2Fb' },
    ];
    const staged = await publish(plan, 'run-1', await fragmentsFor(plan, groups));
    expect(staged.files.map(({ path, rows }) => [path, rows])).toEqual([
      ['day=__HIVE_DEFAULT_PARTITION__/part-00000.parquet', 3],
      ['day=a%2Fb/part-00000.parquet', 3],
    ]);
    const rows = await readRows(bed.at('out', '**', '*.parquet'), true);
    expect(rows).toHaveLength(6);
    expect(rows.filter(([, , day]) => day === 'a/b').map(([id]) => id)).toEqual(['0', '1', '5']);
    expect(rows.filter(([, , day]) => day === null).map(([id]) => id)).toEqual(['2', '3', '4']);
  });

  it('is the same bytes whatever the run', async () => {
    const groups = [1, 2, 3, 1, 2, 3].map((day, rows) => ({ rows: rows + 1, partition: `day=${day}` }));
    const files = [];
    for (const name of ['one', 'two']) {
      const plan = planFor(bed.at(name), { ...FOLDER, partitionBy: ['day'], maxRowsPerFile: 6 });
      files.push((await publish(plan, `run-${name}`, await fragmentsFor(plan, groups))).files);
    }
    expect(files[0]).toEqual(files[1]);
    const manifests = await Promise.all(['one', 'two'].map((name) => readFile(bed.at(name, '_atlas/manifest.json'))));
    expect(manifests[0]).toEqual(manifests[1]);
  });

  const narrow = (limits: Partial<PartLimits>): Sink => {
    const place = new TargetPlace(localStore, bed.at('out'));
    const files = planOfFiles(planFor(bed.at('out'), { ...FOLDER, partitionBy: ['day'] }));
    const newLayout = () => new ParquetFileWriter(files);
    return new FolderSink(place, newLayout, {
      grows: null,
      refresh: false,
      columns: { newLayout, partitionBy: ['day'], evolves: false },
      planHash: files.hash,
      partitioned: true,
      replaces: true,
      onto: null,
      limits: { maxRowsPerFile: null, maxPartitions: 1000, maxOpen: 1000, ...limits },
    });
  };

  it('keeps few files open however many partitions there are', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, partitionBy: ['day'] });
    const groups = [0, 1].flatMap(() => Array.from({ length: 60 }, (_, n) => ({ rows: 1, partition: `day=${n}` })));
    const fragments = await fragmentsFor(plan, groups);
    await using sink = narrow({ maxOpen: 8 });
    await using draft = await sink.draft('run-1', through);
    let most = 0;
    for (const fragment of fragments) {
      await draft.write(fragment, through);
      most = Math.max(most, await openDrafts());
    }
    const staged = await draft.stage(through);
    if (process.platform === 'linux') expect(most).toBe(8);
    expect(staged.files).toHaveLength(60);
    expect(staged.files.every(({ rows }) => rows === 2)).toBe(true);
    await sink.commit(staged, through);
    expect(await sink.recount(staged, through)).toBe(120);
    expect(await readRows(bed.at('out', '**', '*.parquet'), true)).toHaveLength(120);
  });

  async function openDrafts(): Promise<number> {
    const open = await readdir('/proc/self/fd').catch(() => []);
    const links = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    return links.filter((link) => link.includes('.atlas-draft/')).length;
  }

  it('stops at too many partitions, without saying any value', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, partitionBy: ['day'] });
    const [fragment] = await fragmentsFor(plan, [{ rows: 1 }]);
    await using sink = narrow({ maxPartitions: 5 });
    await using draft = await sink.draft('run-1', through);
    for (let n = 0; n < 5; n++) await draft.write({ ...fragment!, partition: `day=secret${n}` }, through);
    const error = await draft
      .write({ ...fragment!, partition: 'day=secret' }, through)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'ATLAS_PARTITIONS', message: expect.stringContaining('5 partitions') });
    expect(String(error)).not.toContain('secret');
  });

  it('replaces an empty folder with its permissions, refuses any other', async () => {
    const plan = planFor(bed.at('out'), FOLDER);
    await mkdir(bed.at('out'));
    await chmod(bed.at('out'), 0o750);
    await publish(plan, 'run-1', await fragmentsFor(plan, [{ rows: 2 }]));
    expect(await modeOf(bed.at('out'))).toBe(0o750);
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    await expect(sink.check(through)).rejects.toMatchObject({ code: 'ATLAS_TARGET_NOT_EMPTY' });
    const staged = await stageAll(sink, 'run-2', await fragmentsFor(plan, [{ rows: 9 }]));
    await expect(sink.commit(staged, through)).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
    expect(await readRows(bed.at('out', '*.parquet'))).toHaveLength(2);
    await sink.erase(staged, through);
    expect((await readdir(bed.root)).sort()).toEqual(['out']);
  });

  it('refuses what it cannot be', async () => {
    await writeFile(bed.at('file'), '');
    await mkdir(bed.at('folder'));
    const check = async (path: string, mode: 'overwrite' | 'error_if_exists') => {
      await using sink = await openParquetSink(planFor(path, { ...FOLDER, mode }), { ...through, store: localStore });
      await sink.check(through);
    };
    await expect(check(bed.at('file'), 'overwrite')).rejects.toMatchObject({ code: 'ATLAS_TARGET_KIND' });
    await expect(check(bed.at('folder'), 'error_if_exists')).rejects.toMatchObject({ code: 'ATLAS_TARGET_EXISTS' });
    await check(bed.at('folder'), 'overwrite');
    await check(bed.at('none'), 'error_if_exists');
  });

  it('follows a link to the folder it stands for', async () => {
    await mkdir(bed.at('real'));
    await symlink('real', bed.at('link'));
    const plan = planFor(bed.at('link'), FOLDER);
    await publish(plan, 'run-1', await fragmentsFor(plan, [{ rows: 2 }]));
    expect(await treeOf(bed.root)).toEqual([
      'link',
      'real/',
      'real/_atlas/',
      'real/_atlas/manifest.json',
      'real/part-00000.parquet',
    ]);
  });

  it('disposed before stage it erases itself with all it holds', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, partitionBy: ['day'] });
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    {
      await using draft = await sink.draft('run-1', through);
      const groups = Array.from({ length: 3 }, (_, n) => ({ rows: 1, partition: `day=${n}` }));
      for (const fragment of await fragmentsFor(plan, groups)) await draft.write(fragment, through);
    }
    expect(await treeOf(bed.root)).toEqual([]);
  });

  it('tells a draft or target that was changed from what was staged', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, maxRowsPerFile: 5 });
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    const staged = await stageAll(sink, 'run-1', await fragmentsFor(plan, [{ rows: 5 }, { rows: 5 }]));
    expect(await sink.compare(staged, 'draft', through)).toBe('same');
    expect(await sink.compare(staged, 'target', through)).toBe('absent');
    await writeFile(`${staged.draft}/part-00001.parquet`, 'x', { flag: 'a' });
    expect(await sink.compare(staged, 'draft', through)).toBe('other');
  });

  it('publishes a folder without rows: one file that says its columns, or no partition at all', async () => {
    const plain = planFor(bed.at('plain'), FOLDER);
    expect((await publish(plain, 'run-1', [])).files.map(({ path, rows }) => [path, rows])).toEqual([
      ['part-00000.parquet', 0],
    ]);
    const partitioned = planFor(bed.at('partitioned'), { ...FOLDER, partitionBy: ['day'] });
    expect((await publish(partitioned, 'run-1', [])).files).toEqual([]);
    expect(await treeOf(bed.at('partitioned'))).toEqual(['_atlas/', '_atlas/manifest.json']);
  });

  it('refuses partition paths that would leave the folder', async () => {
    const plan = planFor(bed.at('out'), { ...FOLDER, partitionBy: ['day'] });
    const [fragment] = await fragmentsFor(plan, [{ rows: 1 }]);
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    await using draft = await sink.draft('run-1', through);
    for (const partition of ['..', '../day=1', '', 'day=1/', '/day=1', 'day=1/../..', 'day', '=1', 'day=']) {
      await expect(draft.write({ ...fragment!, partition }, through)).rejects.toMatchObject({ code: 'ATLAS_INTERNAL' });
    }
  });
});
