import { chmod, lstat, mkdir, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openParquetSink } from '../../src/sink/parquet/open-parquet-sink.ts';
import { localStore } from '../../src/store/local-store.ts';
import { readRows } from './read-rows.ts';
import {
  bytesOf,
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

describe('one Parquet file', () => {
  let bed: SinkBed;
  beforeEach(async () => {
    bed = await sinkBed();
  });
  afterEach(() => bed[Symbol.asyncDispose]());

  it('appears whole, readable by others, and nothing else is left', async () => {
    const plan = planFor(bed.at('out.parquet'));
    const staged = await publish(plan, 'run-1', await fragmentsFor(plan, [{ rows: 5 }, { rows: 3 }]));
    expect(staged).toMatchObject({ rows: 8, rowGroups: 2, target: bed.at('out.parquet') });
    expect(staged.files).toEqual([
      { path: 'out.parquet', rows: 8, bytes: staged.bytes, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(await treeOf(bed.root)).toEqual(['out.parquet']);
    const rows = await readRows(bed.at('out.parquet'));
    expect(rows).toHaveLength(8);
    expect(rows[7]).toEqual(['7', 'name 7', 'day 1']);
    expect(staged.post).toMatchObject({ kind: 'file', length: (await stat(bed.at('out.parquet'))).size });
  });

  it('is the same bytes whatever the run', async () => {
    const one = planFor(bed.at('one.parquet'));
    const two = planFor(bed.at('two.parquet'));
    const a = await publish(one, 'run-1', await fragmentsFor(one, [{ rows: 50 }]));
    const b = await publish(two, 'run-2', await fragmentsFor(two, [{ rows: 50 }]));
    expect(a.files[0]?.sha256).toBe(b.files[0]?.sha256);
    expect(await bytesOf(bed.at('one.parquet'))).toEqual(await bytesOf(bed.at('two.parquet')));
  });

  it('is invisible until it is committed', async () => {
    const plan = planFor(bed.at('out.parquet'));
    await publish(plan, 'run-1', await fragmentsFor(plan, [{ rows: 5 }]));
    const old = await bytesOf(bed.at('out.parquet'));
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    const pre = await sink.look(through);
    const staged = await stageAll(sink, 'run-2', await fragmentsFor(plan, [{ rows: 9 }]));
    expect(await bytesOf(bed.at('out.parquet'))).toEqual(old);
    expect(await sink.look(through)).toEqual(pre);
    expect(staged.draft).toBe(bed.at('.out.parquet.run-2.atlas-draft'));
    expect(await sink.compare(staged, 'draft', through)).toBe('same');
    expect(await sink.compare(staged, 'target', through)).toBe('other');
    await sink.commit(staged, through);
    expect(await sink.look(through)).toEqual(staged.post);
    expect(await sink.compare(staged, 'draft', through)).toBe('absent');
    expect(await sink.compare(staged, 'target', through)).toBe('same');
    expect(await sink.recount(staged, through)).toBe(9);
  });

  it('a draft disposed before stage erases itself, after stage it stays', async () => {
    const plan = planFor(bed.at('out.parquet'));
    const fragments = await fragmentsFor(plan, [{ rows: 5 }]);
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    {
      await using draft = await sink.draft('run-1', through);
      await draft.write(fragments[0]!, through);
      expect(await treeOf(bed.root)).toEqual(['.out.parquet.run-1.atlas-draft']);
    }
    expect(await treeOf(bed.root)).toEqual([]);
    const staged = await stageAll(sink, 'run-1', fragments);
    expect(await treeOf(bed.root)).toEqual(['.out.parquet.run-1.atlas-draft']);
    await sink.erase(staged, through);
    await sink.erase(staged, through);
    expect(await treeOf(bed.root)).toEqual([]);
  });

  it('makes missing folders, and takes them back where nothing came of them', async () => {
    const plan = planFor(bed.at('a', 'b', 'out.parquet'));
    {
      await using sink = await openParquetSink(plan, { ...through, store: localStore });
      await using _lock = await sink.lock('run-1', through);
      await using _draft = await sink.draft('run-1', through);
    }
    expect(await treeOf(bed.root)).toEqual([]);
    await publish(plan, 'run-2', await fragmentsFor(plan, [{ rows: 1 }]));
    expect(await treeOf(bed.root)).toEqual(['a/', 'a/b/', 'a/b/out.parquet']);
  });

  it('keeps the permissions of what it replaces', async () => {
    const plan = planFor(bed.at('out.parquet'));
    await publish(plan, 'run-1', await fragmentsFor(plan, [{ rows: 1 }]));
    expect(await modeOf(bed.at('out.parquet'))).toBe(0o666 & ~process.umask());
    await chmod(bed.at('out.parquet'), 0o640);
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    await using draft = await sink.draft('run-2', through);
    expect(await modeOf(bed.at('.out.parquet.run-2.atlas-draft'))).toBe(0o640 & ~process.umask());
    await sink.commit(await draft.stage(through), through);
    expect(await modeOf(bed.at('out.parquet'))).toBe(0o640);
  });

  it('follows a link to the file it stands for, and leaves the link alone', async () => {
    await mkdir(bed.at('real'));
    await symlink('real/data.parquet', bed.at('link.parquet'));
    const plan = planFor(bed.at('link.parquet'));
    for (const rows of [2, 3]) await publish(plan, `run-${rows}`, await fragmentsFor(plan, [{ rows }]));
    expect((await lstat(bed.at('link.parquet'))).isSymbolicLink()).toBe(true);
    expect(await readlink(bed.at('link.parquet'))).toBe('real/data.parquet');
    expect(await readRows(bed.at('real', 'data.parquet'))).toHaveLength(3);
    expect(await treeOf(bed.root)).toEqual(['link.parquet', 'real/', 'real/data.parquet']);
  });

  it('refuses what it cannot replace', async () => {
    await mkdir(bed.at('folder'));
    await writeFile(bed.at('file'), 'old');
    const check = async (...plan: Parameters<typeof planFor>) => {
      await using sink = await openParquetSink(planFor(...plan), { ...through, store: localStore });
      await sink.check(through);
    };
    await expect(check(bed.at('folder'))).rejects.toMatchObject({ code: 'ATLAS_TARGET_KIND' });
    await expect(check('/dev/null')).rejects.toMatchObject({ code: 'ATLAS_TARGET_KIND' });
    await expect(check(bed.at('file'), { mode: 'error_if_exists' })).rejects.toMatchObject({
      code: 'ATLAS_TARGET_EXISTS',
    });
    await check(bed.at('none'), { mode: 'error_if_exists' });
    await check(bed.at('file'));
    await expect(check(bed.at('file'), { mode: 'append' })).rejects.toMatchObject({ code: 'ATLAS_META_INVALID' });
  });

  it('cleans drafts of its own target only, and keeps those it is told to', async () => {
    const names = [
      '.out.parquet.run-1.atlas-draft',
      '.out.parquet.run-2.atlas-draft',
      '.out.parquet.more.run-1.atlas-draft',
      '.other.parquet.run-1.atlas-draft',
      '.out.parquet.run-1.draft',
      'out.parquet.run-1.atlas-draft',
      'precious.parquet',
    ];
    for (const name of names) await writeFile(bed.at(name), 'x');
    await mkdir(bed.at('.out.parquet.run-3.atlas-draft', 'k=v'), { recursive: true });
    await using sink = await openParquetSink(planFor(bed.at('out.parquet')), { ...through, store: localStore });
    const removed = await sink.clean([bed.at(names[1]!)], through);
    expect([...removed].sort()).toEqual([bed.at(names[0]!), bed.at('.out.parquet.run-3.atlas-draft')]);
    expect(await treeOf(bed.root)).toEqual(names.slice(1).sort());
  });

  it('never erases what is no draft of its target', async () => {
    const plan = planFor(bed.at('out.parquet'));
    await writeFile(bed.at('precious'), 'x');
    await using sink = await openParquetSink(plan, { ...through, store: localStore });
    const staged = await stageAll(sink, 'run-1', []);
    for (const draft of [bed.at('precious'), bed.at('.other.run-1.atlas-draft'), '/etc/passwd']) {
      await expect(sink.erase({ ...staged, draft }, through)).rejects.toMatchObject({ code: 'ATLAS_INTERNAL' });
      await expect(sink.commit({ ...staged, draft }, through)).rejects.toMatchObject({ code: 'ATLAS_INTERNAL' });
    }
    expect(await treeOf(bed.root)).toContain('precious');
  });

  it('takes a target whose name is as long as names may be', async () => {
    const name = `${'ä'.repeat(120)}.parquet`;
    const plan = planFor(bed.at(name));
    await publish(plan, 'run-1', await fragmentsFor(plan, [{ rows: 1 }]));
    await writeFile(bed.at(name), 'x');
    await publish(plan, 'run-2', await fragmentsFor(plan, [{ rows: 1 }]));
    expect(await treeOf(bed.root)).toEqual([name]);
    expect(await readRows(bed.at(name))).toHaveLength(1);
  });

  it('publishes a file without rows', async () => {
    const plan = planFor(bed.at('out.parquet'));
    const staged = await publish(plan, 'run-1', []);
    expect(staged).toMatchObject({ rows: 0, rowGroups: 0 });
    expect(await readRows(bed.at('out.parquet'))).toEqual([]);
  });
});
