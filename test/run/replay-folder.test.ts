import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ReplayProject, rejecting } from './replay-project.ts';

const CSV = 'id,name,price\n1,a,1.00\n2,b,x\n3,a,3.00\n4,c,y\n5,b,z\n';

async function rejected(destination: object) {
  const project = new ReplayProject([rejecting('t', { destination: { path: 'out/t/', ...destination } })]);
  project.write('t.csv', CSV);
  const first = await project.load();
  expect(first).toMatchObject({ outcome: 'published', rows: { published: 2, rejected: 3 } });
  return { project, first };
}

const PARTITIONED = { partition_by: ['name'] };
const all = (project: ReplayProject) => project.rows('id, name, price', 'out/t/**/*.parquet');

describe('a replay into a folder', () => {
  it('adds files beside the old ones, its manifest last', async () => {
    const { project, first } = await rejected(PARTITIONED);
    using _ = project;
    const old = project.read('out/t/name=a/part-00000.parquet');
    project.edit(first, (line, index) => (index < 2 ? { ...line, raw: line.raw?.replace(/[xyz]$/m, '2.50') } : line));
    const again = await project.again(first.run);
    expect(again).toMatchObject({ outcome: 'published', rows: { read: 3, published: 2, rejected: 1 } });
    expect(again.notes.join()).toContain('files are added one by one');
    expect(again.files.map(({ path, rows }) => [path, rows])).toEqual([
      [`name=b/part-${again.run}-00000.parquet`, 1],
      [`name=c/part-${again.run}-00000.parquet`, 1],
    ]);
    expect(project.list('out')).toEqual([
      't',
      ...['t/_atlas', `t/_atlas/manifest-${again.run}.json`, 't/_atlas/manifest.json'],
      ...['t/name=a', 't/name=a/part-00000.parquet'],
      ...['t/name=b', `t/name=b/part-${again.run}-00000.parquet`],
      ...['t/name=c', `t/name=c/part-${again.run}-00000.parquet`],
    ]);
    expect(project.read('out/t/name=a/part-00000.parquet').equals(old)).toBe(true);
    expect(await all(project)).toEqual([
      [1, 'a', '1.00'],
      [2, 'b', '2.50'],
      [3, 'a', '3.00'],
      [4, 'c', '2.50'],
    ]);
    project.edit(again, (line) => ({ ...line, raw: '5,a,5.00\n' }));
    const last = await project.again(again.run);
    expect(last.files.map(({ path }) => path)).toEqual([`name=a/part-${last.run}-00000.parquet`]);
    expect((await all(project)).map(([id]) => id)).toEqual([1, 2, 3, 4, 5]);
    await expect(project.replay(again.run)).rejects.toMatchObject({ code: 'ATLAS_REPLAY_DONE' });
  });

  it('cuts files at max_rows_per_file', async () => {
    const { project, first } = await rejected({ max_rows_per_file: 2 });
    using _ = project;
    project.edit(first, (line) => ({ ...line, raw: line.raw?.replace(/[xyz]$/m, '2.50') }));
    const again = await project.again(first.run, { workers: 2 });
    expect(again.files.map(({ path, rows }) => [path, rows])).toEqual([
      [`part-${again.run}-00000.parquet`, 2],
      [`part-${again.run}-00001.parquet`, 1],
    ]);
    expect((await all(project)).map(([id]) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each<[string, (project: ReplayProject) => void, RegExp]>([
    [
      'a file is gone',
      (project) => rmSync(project.path('out/t/name=a/part-00000.parquet')),
      /part-00000.parquet is gone/,
    ],
    [
      'a file has another length',
      (project) => project.write('out/t/name=a/part-00000.parquet', 'short'),
      /has 5 bytes/,
    ],
    [
      'its manifest is gone',
      (project) => rmSync(project.path('out/t/_atlas/manifest.json')),
      /is not the manifest that run/,
    ],
    [
      'its manifest was changed',
      (project) =>
        project.write(
          'out/t/_atlas/manifest.json',
          `${project.read('out/t/_atlas/manifest.json')}`.replace('"rows": 2', '"rows": 3'),
        ),
      /is not the manifest that run/,
    ],
    ['it is gone', (project) => rmSync(project.path('out/t'), { recursive: true }), /there is nothing at/],
    [
      'a file stands there',
      (project) => {
        rmSync(project.path('out/t'), { recursive: true });
        project.write('out/t', '');
      },
      /there is no folder at/,
    ],
  ])('is refused where %s', async (_name, spoil, message) => {
    const { project, first } = await rejected(PARTITIONED);
    using _ = project;
    project.edit(first, (line) => ({ ...line, raw: line.raw?.replace(/[xyz]$/m, '2.50') }));
    spoil(project);
    const before = project.list('out');
    const refused = await project.again(first.run);
    expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_REPLAY_TARGET' } });
    expect(refused.error?.message).toMatch(message);
    expect(project.list('out')).toEqual(before);
  });
});
