import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf } from './project.ts';
import { ReplayProject } from './replay-project.ts';

const FEATURES = { id: 'int32', name: 'string' };
const csv = (...ids: readonly number[]) => `id,name\n${ids.map((id) => `${id},n${id % 3}\n`).join('')}`;

function versioned(destination: object = {}, rest: object = {}): ReplayProject {
  const to = { path: 'out/t/', layout: 'versioned', ...destination };
  return new ReplayProject([datasetOf('t', FEATURES, { destination: to, rest })]);
}

/** What a reader of the pointer reads, in DuckDB alone. */
async function current(project: ReplayProject): Promise<readonly unknown[]> {
  const root = project.path('out/t');
  const pointer = `(SELECT path FROM read_json('${root}/_atlas/current.json'))`;
  const path = (await query(`SELECT path FROM ${pointer}`))[0]![0] as string;
  return (await query(`SELECT id FROM read_parquet('${root}/${path}/**/*.parquet') ORDER BY id`)).map(([id]) => id);
}

const versions = (project: ReplayProject) => project.list('out/t/_versions').filter((name) => !name.includes('/'));

describe.each([
  ['files', {}],
  ['partitions', { partition_by: ['name'] }],
])('a versioned folder of %s', (_name, destination) => {
  it('is overwritten by its pointer, and keeps two versions', async () => {
    using project = versioned(destination);
    const runs: string[] = [];
    for (const ids of [[1, 2], [3], [4, 5, 6]]) {
      project.write('t.csv', csv(...ids));
      const receipt = await project.load();
      expect(receipt).toMatchObject({ outcome: 'published', error: null, version: `_versions/${receipt.run}` });
      expect(receipt.files.every(({ path }) => path.startsWith(`_versions/${receipt.run}/`))).toBe(true);
      runs.push(receipt.run);
      expect(await current(project)).toEqual(ids);
      expect(versions(project)).toEqual(runs.slice(-2).sort());
      expect(project.list('out').filter((name) => name.startsWith('.'))).toEqual([]);
    }
    const pointer = JSON.parse(`${project.read('out/t/_atlas/current.json')}`);
    expect(pointer).toMatchObject({
      pointer_version: 1,
      path: `_versions/${runs[2]}`,
      manifest: `_versions/${runs[2]}/_atlas/manifest.json`,
      rows: 3,
      versions: [runs[2], runs[1]],
    });
    expect(existsSync(project.path(`out/t/${pointer.manifest}`))).toBe(true);
  });
});

describe('a versioned folder', () => {
  it('keeps as many versions as it is told, and nothing that is not ours is removed', async () => {
    using project = versioned({ keep_versions: 1 });
    project.write('t.csv', csv(1));
    await project.load();
    mkdirSync(project.path('out/t/_versions/theirs'));
    writeFileSync(project.path('out/t/notes.txt'), 'theirs');
    const second = await project.load();
    expect(versions(project)).toEqual([second.run, 'theirs'].sort());
    expect(project.list('out/t')).toContain('notes.txt');
  });

  it('a pointer that somebody set back keeps its version', async () => {
    using project = versioned({ keep_versions: 2 });
    const runs: string[] = [];
    for (const id of [1, 2]) {
      project.write('t.csv', csv(id));
      runs.push((await project.load()).run);
    }
    const pointer = JSON.parse(`${project.read('out/t/_atlas/current.json')}`);
    project.write('out/t/_atlas/new', JSON.stringify({ ...pointer, path: `_versions/${runs[0]}` }));
    renameSync(project.path('out/t/_atlas/new'), project.path('out/t/_atlas/current.json'));
    expect(await current(project)).toEqual([1]);
    project.write('t.csv', csv(3));
    const third = await project.load();
    expect(await current(project)).toEqual([3]);
    expect(versions(project)).toEqual([runs[0]!, third.run].sort());
  });

  it('refuses a folder that is none, and other layouts refuse it', async () => {
    using project = versioned();
    project.write('t.csv', csv(1));
    project.write('out/t/old.parquet', 'x');
    expect(await project.load()).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_NOT_EMPTY' } });
    rmSync(project.path('out/t/old.parquet'));
    expect(await project.load()).toMatchObject({ outcome: 'published' });
    for (const [destination, code] of [
      [{ mode: 'append' }, 'ATLAS_TARGET_KIND'],
      [{ mode: 'replace_partitions', partition_by: ['name'] }, 'ATLAS_TARGET_KIND'],
      [{}, 'ATLAS_TARGET_NOT_EMPTY'],
    ] as const) {
      project.declare([datasetOf('t', FEATURES, { destination: { path: 'out/t/', ...destination } })]);
      expect(await project.load(), code).toMatchObject({ outcome: 'failed', error: { code } });
    }
    project.declare([datasetOf('t', FEATURES, { destination: { path: 'out/t/', layout: 'versioned' } })]);
    project.write('out/t/_atlas/current.json', '{"path": "/etc"}');
    expect(await project.load()).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_KIND' } });
  });

  it('refuses a replay, and says what to do', async () => {
    using project = versioned({}, { on_error: 'reject', max_rejects: 9 });
    project.write('t.csv', 'id,name\n1,a\nx,b\n');
    const first = await project.load();
    expect(first).toMatchObject({ rows: { published: 1, rejected: 1 } });
    await expect(project.replay(first.run)).rejects.toMatchObject({
      code: 'ATLAS_REPLAY_TARGET',
      message: expect.stringContaining('has versions'),
    });
  });
});
