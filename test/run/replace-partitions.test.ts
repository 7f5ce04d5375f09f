import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf } from './project.ts';
import { ReplayProject } from './replay-project.ts';

const FEATURES = { day: 'string', id: 'int32' };

function replacing(rest: object = {}, destination: object = {}): ReplayProject {
  const to = { path: 'out/t/', mode: 'replace_partitions', partition_by: ['day'], ...destination };
  return new ReplayProject([datasetOf('t', FEATURES, { destination: to, rest })]);
}

const csv = (rows: Readonly<Record<string, readonly number[]>>) =>
  `day,id\n${Object.entries(rows)
    .flatMap(([day, ids]) => ids.map((id) => `${day},${id}\n`))
    .join('')}`;

async function content(project: ReplayProject): Promise<object> {
  const from = `read_parquet('${project.path('out/t/**/*.parquet')}', hive_partitioning = true, hive_types_autocast = false)`;
  const rows = await query(`SELECT day, list(id ORDER BY id)::VARCHAR FROM ${from} GROUP BY day ORDER BY day`);
  return Object.fromEntries(rows as [string, string][]);
}

describe('replace_partitions', () => {
  it('replaces the partitions of the load, with all that others put there, and no other', async () => {
    using project = replacing();
    project.write('t.csv', csv({ a: [1, 2], b: [3] }));
    const first = await project.load();
    expect(first).toMatchObject({ outcome: 'published', error: null });
    expect(first.notes).toContain('there was no folder: every partition is new');
    const b = first.files.find(({ path }) => path.startsWith('day=b/'))!.path;
    const old = project.read(`out/t/${b}`);
    project.write('out/t/day=a/theirs.parquet', old);
    project.write('out/t/day=a/_SUCCESS', '');
    project.write('t.csv', csv({ a: [4], c: [5, 6] }));
    const second = await project.load();
    expect(second).toMatchObject({ outcome: 'published', error: null, rows: { published: 3 } });
    expect(second.notes).toContain('2 partitions replaced, and 2 files of before with them');
    expect(second.replaced).toEqual([first.files[0]!.path, 'day=a/theirs.parquet']);
    expect(await content(project)).toEqual({ a: '[4]', b: '[3]', c: '[5, 6]' });
    expect(project.read(`out/t/${b}`).equals(old)).toBe(true);
    expect(project.list('out/t/day=a')).toEqual(['_SUCCESS', `part-${second.run}-00000.parquet`]);
    const manifest = JSON.parse(`${project.read(`out/t/_atlas/manifest-${second.run}.json`)}`);
    expect(manifest).toMatchObject({ rows: 3, replaces: second.replaced });
    expect(project.list('out').filter((name) => name.startsWith('.'))).toEqual([]);
    // the same load again: its own partitions once more
    expect(await project.load()).toMatchObject({
      outcome: 'published',
      replaced: second.files.map(({ path }) => path),
    });
    expect(await content(project)).toEqual({ a: '[4]', b: '[3]', c: '[5, 6]' });
  });

  it('an empty load replaces nothing and says so', async () => {
    using project = replacing({ on_empty: 'publish' });
    project.write('t.csv', csv({ a: [1] }));
    await project.load();
    project.write('t.csv', csv({}));
    const empty = await project.load();
    expect(empty).toMatchObject({ outcome: 'published', files: [], replaced: [] });
    expect(empty.notes).toContain('the load holds no rows: no partition is replaced');
    expect(await content(project)).toEqual({ a: '[1]' });
  });

  it('refuses a partition that is partitioned further, and other columns', async () => {
    using project = replacing();
    project.write('t.csv', csv({ a: [1] }));
    await project.load();
    mkdirSync(project.path('out/t/day=a/hour=1'));
    const before = project.list('out');
    expect(await project.load()).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_KIND' } });
    expect(project.list('out')).toEqual(before);
    rmSync(project.path('out/t/day=a/hour=1'), { recursive: true });
    project.write('t.csv', 'day,id\na,x\n');
    project.declare([
      datasetOf(
        't',
        { day: 'string', id: 'string' },
        { destination: { path: 'out/t/', mode: 'replace_partitions', partition_by: ['day'] } },
      ),
    ]);
    expect(await project.load()).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_SCHEMA' } });
    expect(await content(project)).toEqual({ a: '[1]' });
  });

  it('a replay adds to what its run replaced, and replaces what only it holds', async () => {
    using project = replacing({ on_error: 'reject', max_rejects: 9 });
    project.write('t.csv', csv({ a: [1], b: [2], c: [3] }));
    await project.load();
    project.write('t.csv', 'day,id\na,4\na,x\nb,y\n');
    const second = await project.load();
    expect(second).toMatchObject({ rows: { published: 1, rejected: 2 } });
    expect(await content(project)).toEqual({ a: '[4]', b: '[2]', c: '[3]' });
    project.edit(second, (line) => ({ ...line, raw: line.raw?.replace('x', '5').replace('y', '6') }));
    const replay = await project.again(second.run);
    expect(replay).toMatchObject({ outcome: 'published', rows: { published: 2 } });
    expect(replay.replaced).toHaveLength(1);
    expect(await content(project)).toEqual({ a: '[4, 5]', b: '[6]', c: '[3]' });
  });
});
