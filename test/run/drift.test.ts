import { linkSync, renameSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf, Project } from './project.ts';

type More = { readonly features?: Readonly<Record<string, string>>; readonly source?: object; readonly rest?: object };

/** A dataset over in/*.csv. */
function drifting(onDrift: string | null, { features, source, rest }: More = {}) {
  return datasetOf('t', features ?? { a: 'int32', b: 'string' }, {
    source: { path: 'in/*.csv', ...source },
    rest: { ...(onDrift === null ? {} : { on_drift: onDrift }), ...rest },
  });
}

const rowsOf = (project: Project, columns = '*') =>
  query(
    `SELECT ${columns} FROM read_parquet('${project.path('out/t.parquet')}', file_row_number = true) ORDER BY file_row_number`,
  );

describe('files of one glob', () => {
  it('may order their columns in any way', async () => {
    using project = new Project([drifting(null)]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    project.write('in/2.csv', 'b,a\ny,2\n');
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect([receipt.columns, receipt.drift]).toEqual([['a', 'b'], null]);
    expect(await rowsOf(project, 'a, b')).toEqual([
      [1, 'x'],
      [2, 'y'],
    ]);
  });

  it('fail where their columns differ, before any row is read, and say which and where', async () => {
    using project = new Project([drifting(null)]);
    for (const name of ['1', '2', '3', '4']) project.write(`in/${name}.csv`, 'a,b\n1,x\n');
    project.write('in/3.csv', 'a,b,tip\nnothing,x,1\n');
    project.write('in/4.csv', 'a\n1\n');
    const { error, rows, columns } = await project.load();
    expect(error).toMatchObject({ code: 'ATLAS_DRIFT_FOUND', place: { file: 'in/4.csv' } });
    expect(error?.message).toBe(
      `4 files of ${project.path('in/*.csv')}: column "b" is missing in 1 of 4 files (in/4.csv); column "tip" stands in 1 of 4 files (in/3.csv)`,
    );
    expect([rows.read, columns]).toEqual([0, null]);
    expect(project.list('out')).toEqual([]);
  });

  it('a header without rows counts, a file without a header does not', async () => {
    using project = new Project([drifting(null)]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    project.write('in/2.csv', '');
    expect((await project.load()).error).toBeNull();
    project.write('in/3.csv', 'a,b,c\n');
    expect((await project.load()).error?.code).toBe('ATLAS_DRIFT_FOUND');
  });

  it('a column that no file has is a mistake, with the nearest name', async () => {
    for (const policy of ['fail', 'ignore']) {
      using project = new Project([drifting(policy)]);
      project.write('in/1.csv', 'a,B\n1,x\n');
      project.write('in/2.csv', 'a,B,c\n1,x,y\n');
      const { error } = await project.load();
      expect(error?.code).toBe('ATLAS_CSV_HEADER_MISSING');
      expect(error?.message).toContain('there is no column "b"; the nearest is "B"; there are "a", "B"');
    }
  });

  it('with ignore, new columns are left alone, and missing ones read as null', async () => {
    using project = new Project([
      drifting('ignore', {
        features: {
          a: 'int32',
          b: 'string',
          c: 'timestamptz(us)',
          d: 'decimal(20,3)',
          e: 'boolean',
          f: 'uuid',
          g: 'time(us)',
        },
        source: { slice_bytes: 64 },
      }),
    ]);
    const uuid = '123e4567-e89b-12d3-a456-426614174000';
    project.write('in/1.csv', `a,b,c,d,e,f,g\n1,x,2024-01-01T00:00:00Z,1.5,true,${uuid},10:00:00\n`);
    project.write('in/2.csv', `tip,a\n${Array.from({ length: 200 }, (_, at) => `9,${at}`).join('\n')}\n`);
    project.write('in/3.csv', gzipSync(`g,f,e,d,c,b,a\n11:00:00,${uuid},false,-2.5,2024-01-02T00:00:00Z,z,3\n`));
    const sums = new Set<string>();
    for (const workers of [1, 2, 4]) {
      const receipt = await project.load({ workers });
      expect(receipt.error).toBeNull();
      expect(receipt.rows).toMatchObject({ read: 202, published: 202, rejected: 0 });
      expect(receipt.columns).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'tip']);
      expect(receipt.drift).toMatchObject({ missing: ['b', 'c', 'd', 'e', 'f', 'g'], evolved: [], widened: [] });
      expect(receipt.drift?.notes).toContain('column "tip" stands in 1 of 3 files (in/2.csv): no feature takes it');
      expect(receipt.drift?.notes).toContain('column "b" is missing in 1 of 3 files (in/2.csv): b reads as null there');
      sums.add(project.read('out/t.parquet').toString('base64'));
    }
    expect(sums.size).toBe(1);
    const rows = await rowsOf(project, 'a, b, c::varchar, d, e, f, g');
    expect(rows[0]?.slice(0, 2)).toEqual([1, 'x']);
    expect(rows[0]).not.toContain(null);
    expect(rows.slice(1, 201)).toEqual(
      Array.from({ length: 200 }, (_, at) => [at, null, null, null, null, null, null]),
    );
    expect(rows[201]).not.toContain(null);
  });

  it('with ignore, a column that must not be null may not be missing, nor one that partitions', async () => {
    using project = new Project([
      datasetOf(
        't',
        {},
        {
          source: {
            path: 'in/*.csv',
            features: [
              { name: 'a', type: 'int32', nullable: false },
              { name: 'day', type: 'date', from: 'Day' },
            ],
          },
          destination: { path: 'out/t/', partition_by: ['day'] },
          rest: { on_drift: 'ignore' },
        },
      ),
    ]);
    project.write('in/1.csv', 'a,Day\n1,2024-01-01\n');
    project.write('in/2.csv', 'Day,b\n2024-01-02,x\n');
    const { error } = await project.load();
    expect(error?.code).toBe('ATLAS_DRIFT_FOUND');
    expect(error?.message).toContain(
      'column "a" is missing in 1 of 2 files (in/2.csv): a takes it, and it must not be null',
    );
    project.write('in/2.csv', 'a,b\n1,x\n');
    expect((await project.load()).error?.message).toContain(
      'day takes it, and all its rows would stand in one partition',
    );
    expect(project.list('out')).toEqual([]);
  });
});

describe('from run to run', () => {
  it('a new column that nobody takes fails, until a feature takes it', async () => {
    using project = new Project([drifting(null)]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    const first = await project.load();
    project.write('in/1.csv', 'a,tip,b\n2,9,y\n');
    const { error } = await project.load();
    expect(error?.code).toBe('ATLAS_DRIFT_FOUND');
    expect(error?.message).toContain(`column "tip" is new since run ${first.run}`);
    expect(await rowsOf(project, 'a, b')).toEqual([[1, 'x']]);
    project.declare([drifting(null, { features: { a: 'int32', b: 'string', tip: 'int32' } })]);
    expect((await project.load()).outcome).toBe('published');
    project.declare([drifting(null)]);
    expect((await project.load()).outcome).toBe('published');
  });

  it('ignore for one run is enough to go on', async () => {
    using project = new Project([drifting(null)]);
    project.write('in/1.csv', 'a,b,c\n1,x,y\n');
    await project.load();
    project.write('in/1.csv', 'a,b\n2,y\n');
    const { error, run } = await project.load();
    expect(error?.message).toMatch(/column "c" is gone since run/);
    project.declare([drifting('ignore')]);
    project.events.length = 0;
    const accepted = await project.load();
    expect(accepted.drift).toMatchObject({ gone: ['c'], missing: [] });
    expect(accepted.drift?.since).not.toBe(run);
    expect(project.events).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'ATLAS_DRIFT_FOUND', message: accepted.drift?.notes[0] }),
    );
    project.declare([drifting(null)]);
    expect(await project.load()).toMatchObject({ outcome: 'published', drift: null });
  });

  it('with ignore a column that is gone stays null, run after run, and only its going is news', async () => {
    using project = new Project([drifting('ignore')]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    await project.load();
    project.write('in/1.csv', 'a\n2\n');
    const types = [];
    for (let run = 0; run < 3; run += 1) {
      project.events.length = 0;
      const receipt = await project.load();
      expect(receipt.error).toBeNull();
      expect(receipt.drift?.missing).toEqual(['b']);
      types.push(project.events.filter(({ type }) => type === 'warning' || type === 'note').map(({ type }) => type));
    }
    expect(types).toEqual([['warning'], ['note'], ['note']]);
    expect(await rowsOf(project, 'a, b')).toEqual([[2, null]]);
  });

  it('compares with what was published, whatever failed since, and not with a sample', async () => {
    using project = new Project([drifting(null)]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    const first = await project.load();
    project.write('in/1.csv', 'a,b,c\n2,x,y\n');
    await project.load();
    const sample = await project.load({ sample: { rows: 1, file: project.path('sample.parquet') } });
    expect(sample.outcome).toBe('published');
    expect((await project.load()).error?.message).toContain(`"c" is new since run ${first.run}`);
  });

  it('a renamed column is accepted by renaming what its feature takes', async () => {
    using project = new Project([drifting(null)]);
    project.write('in/1.csv', 'a,b,c\n1,x,y\n');
    expect(await project.load()).toMatchObject({ columns: ['a', 'b', 'c'], ignored: ['c'] });
    project.write('in/1.csv', 'a,B,c\n1,x,y\n');
    const { error, inputs } = await project.load();
    expect(error?.code).toBe('ATLAS_CSV_HEADER_MISSING');
    expect(inputs).toEqual([]);
    const renamed = [
      { name: 'a', type: 'int32' },
      { name: 'b', type: 'string', from: 'B' },
    ];
    project.declare([drifting(null, { source: { features: renamed } })]);
    expect((await project.load()).error).toBeNull();
    project.write('in/1.csv', 'a,B\n1,x\n');
    const gone = await project.load();
    expect(gone.error?.message).toContain('column "c" is gone');
    expect(gone.inputs.length).toBe(1);
  });

  it('what an interrupted run intended counts if it happened, and not if it did not', async () => {
    for (const happened of [true, false]) {
      using project = new Project([drifting('ignore')]);
      project.write('in/1.csv', 'a,b\n1,x\n');
      const first = await project.load();
      linkSync(project.path('out/t.parquet'), project.path('out/.before'));
      project.write('in/1.csv', 'a,b,c\n1,x,y\n');
      const second = await project.load();
      if (!happened) renameSync(project.path('out/.before'), project.path('out/t.parquet'));
      const ledger = new Database(project.path('.atlas/ledger.db'));
      ledger.exec(`DELETE FROM receipt WHERE run = '${second.run}'`);
      ledger.exec(`UPDATE intention SET ended = NULL WHERE id = '${second.run}/t'`);
      ledger.close();
      project.declare([drifting('fail')]);
      const { outcome, error } = await project.load();
      expect(project.events).toContainEqual(expect.objectContaining({ type: 'recovered' }));
      if (happened) expect(outcome).toBe('published');
      else expect(error?.message).toContain(`column "c" is new since run ${first.run}`);
    }
  });

  it('a receipt that knows no columns is nothing to compare with', async () => {
    using project = new Project([drifting('fail')]);
    project.write('in/1.csv', 'a,b,c\n1,x,y\n');
    await project.load();
    const ledger = new Database(project.path('.atlas/ledger.db'));
    ledger.exec(`UPDATE receipt SET body = json_remove(body, '$.columns', '$.ignored', '$.drift')`);
    ledger.close();
    project.write('in/1.csv', 'b,a\ny,2\n');
    expect(await project.load()).toMatchObject({ outcome: 'published', columns: ['b', 'a'] });
  });

  it('editing the document is no drift', async () => {
    using project = new Project([drifting(null, { source: { header: false, columns: ['a', 'b'] } })]);
    project.write('in/1.csv', '1,x\n');
    expect((await project.load()).columns).toEqual(['a', 'b']);
    project.declare([drifting(null, { source: { header: false, columns: ['a', 'b', 'c'] } })]);
    project.write('in/1.csv', '1,x,y\n');
    expect((await project.load()).error).toBeNull();
  });
});

it('names of any kind are names', async () => {
  using project = new Project([drifting('ignore', { features: { a: 'int32' } })]);
  const names = ['__proto__', 'constructor', '', 'x'.repeat(70_000), 'with\nline', '"quoted"', 'toString', ''];
  const header = ['a', ...names].map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
  project.write('in/1.csv', `${header}\n1${',z'.repeat(names.length)}\n`);
  project.write('in/2.csv', 'a,\n2,y\n');
  const receipt = await project.load();
  expect(receipt.error).toBeNull();
  expect(new Set(receipt.columns)).toEqual(new Set(['a', ...names]));
  expect(receipt.columns?.length).toBe(9);
  expect(receipt.drift?.partial.length).toBe(7);
  for (const note of receipt.drift?.notes ?? []) expect(note.length).toBeLessThan(200);
  expect((await project.load()).drift?.appeared).toEqual([]);
});
