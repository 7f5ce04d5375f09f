import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf, Project } from './project.ts';
import { ReplayProject } from './replay-project.ts';

const FEATURES = { id: 'int32', name: 'string' };

function appending(destination: object = {}, more: { source?: object; rest?: object } = {}): Project {
  const { source, rest } = more;
  const to = { path: 'out/t/', mode: 'append', ...destination };
  return new Project([
    datasetOf('t', FEATURES, { source: { path: 'in/*.csv', ...source }, destination: to, ...(rest && { rest }) }),
  ]);
}

const csv = (...ids: readonly number[]) => `id,name\n${ids.map((id) => `${id},n${id % 3}\n`).join('')}`;
const ids = async (project: Project) =>
  (await query(`SELECT id FROM read_parquet('${project.path('out/t/**/*.parquet')}') ORDER BY id`)).map(([id]) => id);

describe.each([
  ['a folder', {}],
  ['partitions', { partition_by: ['name'] }],
])('append to %s', (_name, destination) => {
  it('makes it, adds to it, and touches nothing that is there', async () => {
    using project = appending(destination);
    project.write('in/a.csv', csv(1, 2, 3));
    const first = await project.load();
    expect(first).toMatchObject({ outcome: 'published', rows: { published: 3 }, error: null });
    expect(first.inputs).toEqual([
      { path: project.path('in/a.csv'), bytes: 23, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    const before = new Map(
      project
        .list('out/t')
        .filter((name) => /\.\w+$/.test(name))
        .map((name) => [name, project.read(`out/t/${name}`)]),
    );
    project.write('in/b.csv', csv(4, 5));
    const second = await project.load();
    expect(second).toMatchObject({ outcome: 'published', rows: { read: 2, published: 2 } });
    expect(second.skippedInputs).toEqual([{ ...first.inputs[0], run: first.run }]);
    expect(second.notes.join('\n')).toMatch(/1 of 2 inputs are not read: .*a\.csv \(run /);
    expect(await ids(project)).toEqual([1, 2, 3, 4, 5]);
    for (const [name, bytes] of before) expect(project.read(`out/t/${name}`).equals(bytes)).toBe(true);
    expect(project.list('out/t/_atlas')).toEqual([first, second].map(({ run }) => `manifest-${run}.json`).sort());
    expect(project.list('out').filter((name) => name.startsWith('.'))).toEqual([]);

    const third = await project.run();
    expect(third.exitCode).toBe(0);
    expect(third.receipts).toMatchObject([{ outcome: 'skipped', inputs: [], rows: { read: 0 }, error: null }]);
    expect(third.receipts[0]!.skippedInputs).toHaveLength(2);
    expect(await ids(project)).toEqual([1, 2, 3, 4, 5]);
  });

  it('knows content under another name, twice in one run, and forgets it where --force says so', async () => {
    using project = appending(destination);
    project.write('in/a.csv', csv(1));
    project.write('in/b.csv', csv(1));
    const first = await project.load();
    expect(first).toMatchObject({
      rows: { published: 1 },
      skippedInputs: [{ path: project.path('in/b.csv'), run: first.run }],
    });
    rmSync(project.path('in/a.csv'));
    expect(await project.load()).toMatchObject({ outcome: 'skipped', skippedInputs: [{ run: first.run }] });
    expect(await project.load({ force: true })).toMatchObject({ outcome: 'published', rows: { published: 1 } });
    expect(await ids(project)).toEqual([1, 1]);
  });

  it('reads again what the target does not hold any more, and says so', async () => {
    using project = appending(destination);
    project.write('in/a.csv', csv(1));
    const first = await project.load();
    rmSync(project.path('out/t'), { recursive: true });
    const second = await project.load();
    expect(second).toMatchObject({ outcome: 'published', rows: { published: 1 } });
    expect(second.notes.join('\n')).toMatch(/holds no longer what was added from .*a\.csv: read again/);
    truncateSync(project.path(`out/t/${second.files[0]!.path}`), 10);
    rmSync(project.path(`out/t/_atlas/manifest-${second.run}.json`));
    expect(first.run).not.toBe(second.run);
    // the cut file is no Parquet file: nobody can say whether its columns are the same
    expect(await project.load()).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_PARQUET_INVALID' } });
    rmSync(project.path(`out/t/${second.files[0]!.path}`));
    expect(await project.load()).toMatchObject({ outcome: 'published', rows: { published: 1 } });
    expect(await ids(project)).toEqual([1]);
  });

  it('adds to an empty folder, which stays the one it was', async () => {
    using project = appending(destination);
    project.write('in/a.csv', csv(1));
    project.write('out/t/.keep', '');
    rmSync(project.path('out/t/.keep'));
    expect(await project.load()).toMatchObject({ outcome: 'published' });
    expect(await ids(project)).toEqual([1]);
  });
});

describe('append', () => {
  it('refuses where only a part of what it added is there', async () => {
    using project = appending({ partition_by: ['name'] });
    project.write('in/a.csv', csv(1, 2, 3));
    const first = await project.load();
    rmSync(project.path(`out/t/${first.files[1]!.path}`));
    const refused = await project.load();
    expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_PARTLY' } });
    expect(refused.error?.message).toContain(first.run);
    expect(await project.load({ force: true })).toMatchObject({ outcome: 'published', rows: { published: 3 } });
  });

  it.each<[string, object, object, RegExp]>([
    ['another type', { id: 'int64', name: 'string' }, {}, /id is int32, and would be int64/],
    ['a column more', { id: 'int32', name: 'string', more: 'string' }, {}, /more is not there, and would be string/],
    ['a column less', { id: 'int32' }, {}, /name is string, and would be missing/],
    ['another order', { name: 'string', id: 'int32' }, {}, /in the order id, name, and would in name, id/],
    ['partitions', FEATURES, { partition_by: ['name'] }, /partitioned by nothing, the plan by name/],
  ])('refuses %s, by the last receipt and by a footer', async (_name, features, destination, message) => {
    using project = appending();
    project.write('in/a.csv', csv(1));
    await project.load();
    project.write('in/b.csv', 'id,name,more\n1,x,y\n');
    const to = { path: 'out/t/', mode: 'append', ...destination };
    const dataset = datasetOf('t', features as Record<string, string>, {
      source: { path: 'in/b.csv' },
      destination: to,
      rest: { on_drift: 'ignore' },
    });
    project.declare([dataset]);
    const before = project.list('out');
    const refused = await project.load();
    expect(refused).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_SCHEMA' } });
    expect(refused.error?.message).toMatch(message);
    rmSync(project.path('.atlas'), { recursive: true });
    const again = await project.load();
    if (_name === 'another order') expect(again.outcome).toBe('published');
    else {
      expect(again).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_TARGET_SCHEMA' } });
      expect(again.error?.message).toContain(project.path('out/t'));
      expect(project.list('out')).toEqual(before);
    }
  });

  it('evolve may add columns that may be null', async () => {
    using project = appending({}, { rest: { on_drift: 'evolve' } });
    project.write('in/a.csv', csv(1));
    await project.load();
    project.write('in/b.csv', 'id,name,more\n2,x,y\n');
    expect(await project.load()).toMatchObject({ outcome: 'published', rows: { published: 1 }, skippedInputs: [{}] });
    const rows = await query(
      `SELECT id, more FROM read_parquet('${project.path('out/t/*.parquet')}', union_by_name = true) ORDER BY id`,
    );
    expect(rows).toEqual([
      [1, null],
      [2, 'y'],
    ]);
    // it stays, although the next file has it not
    project.write('in/c.csv', csv(3));
    expect(await project.load()).toMatchObject({ outcome: 'published', error: null, rows: { published: 1 } });
  });

  it('replays rejects beside what other runs have added since', async () => {
    const to = { path: 'out/t/', mode: 'append' };
    const rest = { on_error: 'reject', max_rejects: 10 };
    using project = new ReplayProject([
      datasetOf('t', FEATURES, { source: { path: 'in/*.csv' }, destination: to, rest }),
    ]);
    project.write('in/a.csv', 'id,name\n1,a\nx,b\n');
    const first = await project.load();
    expect(first).toMatchObject({ rows: { published: 1, rejected: 1 } });
    project.write('in/b.csv', csv(3));
    await project.load();
    project.edit(first, (line) => ({ ...line, raw: '2,b\n' }));
    expect(await project.again(first.run)).toMatchObject({ outcome: 'published', rows: { published: 1 } });
    expect(await ids(project)).toEqual([1, 2, 3]);
    expect(await project.load()).toMatchObject({ outcome: 'skipped' });
  });

  it('into a folder of others goes by a footer, and an empty load of partitions adds nothing', async () => {
    using project = appending({}, { rest: { on_empty: 'publish' } });
    project.write('out/t/.x', '');
    await query(
      `COPY (SELECT 7::INT AS id, 'n' AS name) TO '${project.path('out/t/theirs.parquet')}' (FORMAT parquet)`,
    );
    project.write('in/a.csv', csv(1));
    expect(await project.load()).toMatchObject({ outcome: 'published', error: null });
    expect(await ids(project)).toEqual([1, 7]);
    writeFileSync(project.path('in/b.csv'), 'id,name\n');
    const empty = await project.load();
    expect(empty).toMatchObject({ outcome: 'published', rows: { published: 0 }, files: [] });
    expect(await ids(project)).toEqual([1, 7]);
  });
});
