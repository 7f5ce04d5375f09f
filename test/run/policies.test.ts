import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf, Project } from './project.ts';

const features = { n: 'int32', text: 'string' };

describe('on_error fail', () => {
  it('publishes nothing, and names the first bad row of the input whatever the workers', async () => {
    using project = new Project([datasetOf('t', features, { source: { slice_bytes: 64 } })]);
    const lines = Array.from({ length: 400 }, (_, at) => (at >= 37 ? `${at}x,late` : `${at},fine`));
    project.write('t.csv', `n,text\n${lines.join('\n')}\n`);
    for (const workers of [1, 2, 4]) {
      const { exitCode, receipts } = await project.run({ workers });
      expect(exitCode).toBe(1);
      const [receipt] = receipts;
      expect(receipt?.outcome).toBe('failed');
      expect(receipt?.error).toMatchObject({
        code: 'ATLAS_REJECTS_FOUND',
        place: { file: 't.csv', line: 39, column: 'n' },
      });
      expect(receipt?.error?.message).toMatch(/^100 rows could not be taken/);
      expect(receipt?.rejects.byCode).toEqual([{ code: 'ATLAS_CAST_SYNTAX', column: 'n', count: 100 }]);
      expect(receipt?.rows.published).toBe(0);
      expect(project.list('out')).toEqual([]);
      expect(project.list('.atlas/rejects')).toEqual([]);
    }
    const fast = await project.load({ failFast: true });
    expect(fast.error?.message).toMatch(/^1 row could not be taken/);
  });

  it('leaves what was published before as it was', async () => {
    using project = new Project([datasetOf('t', features)]);
    project.write('t.csv', 'n,text\n1,a\n');
    expect((await project.load()).outcome).toBe('published');
    const before = project.read('out/t.parquet');
    project.write('t.csv', 'n,text\nnothing,a\n');
    expect((await project.load()).outcome).toBe('failed');
    expect(project.read('out/t.parquet').equals(before)).toBe(true);
    expect(project.list('out')).toEqual(['t.parquet']);
  });
});

describe('on_error reject', () => {
  const rejecting = (max: number | string, rest: object = {}) =>
    datasetOf('t', features, { source: { slice_bytes: 64 }, rest: { on_error: 'reject', max_rejects: max, ...rest } });
  const input = (bad: number) =>
    `n,text\n${Array.from({ length: 100 }, (_, at) => (at < bad ? `bad${at},x` : `${at},x`)).join('\n')}\n`;

  it('sets bad rows aside in a file that only its owner reads, and warns', async () => {
    using project = new Project([rejecting(5)]);
    project.write('t.csv', input(5));
    const receipt = await project.load({ workers: 2 });
    expect(receipt.outcome).toBe('published');
    expect(receipt.rows).toEqual({ read: 100, published: 95, rejected: 5, deduplicated: 0, excluded: 0 });
    const path = project.path(`.atlas/rejects/g/t/${receipt.run}.jsonl`);
    expect(receipt.rejects.path).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const warning = project.events.find((event) => event.type === 'warning');
    expect(warning).toMatchObject({ code: 'ATLAS_REJECTS_FOUND', dataset: 't' });
    expect(await query(`SELECT count(*), min(n) FROM '${project.path('out/t.parquet')}'`)).toEqual([['95', 5]]);
    expect((await project.run({ strict: true })).exitCode).toBe(1);
  });

  it.each([
    [5, 6],
    ['5%', 6],
    [0, 1],
  ])('fails beyond max_rejects %s, and keeps the file of rejects', async (max, bad) => {
    using project = new Project([rejecting(max)]);
    project.write('t.csv', input(bad));
    for (const workers of [1, 3]) {
      const receipt = await project.load({ workers });
      expect(receipt.error).toMatchObject({
        code: 'ATLAS_REJECTS_LIMIT',
        place: { file: 't.csv', line: 2, column: 'n' },
      });
      const text = project.read(`.atlas/rejects/g/t/${receipt.run}.jsonl`).toString();
      expect(receipt.rejects.path).not.toBeNull();
      expect(text.trimEnd().split('\n').length).toBe(bad);
      expect(project.list('out')).toEqual([]);
    }
  });

  it('gives up on a share as soon as the rest of the input cannot mend it', async () => {
    using project = new Project([rejecting('1%')]);
    const rows = Array.from({ length: 2000 }, (_, at) => (at < 1500 ? `bad${at},x` : `${at},x`));
    project.write('t.csv', `n,text\n${rows.join('\n')}\n`);
    const { error, rows: counts } = await project.load();
    expect(error?.code).toBe('ATLAS_REJECTS_LIMIT');
    expect(counts.read).toBeLessThan(500);
  });

  it('writes them where the document says, a file or a folder', async () => {
    using project = new Project([rejecting('100%', { rejects: 'bad/rows.jsonl' })]);
    project.write('t.csv', input(2));
    expect((await project.load()).rejects.path).toBe(project.path('bad/rows.jsonl'));
    expect(project.read('bad/rows.jsonl').toString().split('\n').length).toBe(3);
    project.declare([rejecting('100%', { rejects: 'bad/all/' })]);
    const receipt = await project.load();
    expect(project.list('bad/all')).toEqual([`${receipt.run}.jsonl`, `${receipt.run}.jsonl.plan.json`]);
  });

  it('publishes an empty file where every row is rejected, and that is borne', async () => {
    using project = new Project([rejecting('100%')]);
    project.write('t.csv', input(100));
    expect((await project.load()).rows).toMatchObject({ read: 100, published: 0, rejected: 100 });
    expect(await query(`SELECT count(*) FROM '${project.path('out/t.parquet')}'`)).toEqual([['0']]);
  });
});

describe('on_empty', () => {
  const empty = (on_empty: string) => datasetOf('t', features, { rest: { on_empty } });

  it.each(['', 'n,text\n', 'n,text\n\n\n'])('does what it is told with %j', async (text) => {
    using project = new Project([empty('fail')]);
    project.write('t.csv', text);
    const failed = await project.load();
    expect(failed).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_INPUT_EMPTY' } });
    project.declare([empty('skip')]);
    const skipped = await project.run();
    expect(skipped.exitCode).toBe(0);
    expect(skipped.receipts[0]).toMatchObject({ outcome: 'skipped', error: null });
    expect(project.list('out')).toEqual([]);
    project.declare([empty('publish')]);
    expect(await project.load()).toMatchObject({ outcome: 'published', rows: { read: 0, published: 0 } });
    expect(await query(`SELECT count(*) FROM '${project.path('out/t.parquet')}'`)).toEqual([['0']]);
  });
});

describe('needs', () => {
  it('skips what needs a dataset that failed, and goes on with the rest', async () => {
    const datasets = [
      datasetOf('a', features),
      datasetOf('b', features, { rest: { needs: ['a'] } }),
      datasetOf('c', features),
    ];
    using project = new Project(datasets);
    for (const name of ['b', 'c']) project.write(`${name}.csv`, 'n,text\n1,x\n');
    const { exitCode, receipts } = await project.run();
    expect(exitCode).toBe(3);
    expect(receipts.map(({ outcome, error }) => [outcome, error?.code ?? null])).toEqual([
      ['failed', 'ATLAS_INPUT_NOT_FOUND'],
      ['skipped', 'ATLAS_NEEDS_FAILED'],
      ['published', null],
    ]);
    project.write('a.csv', 'n,text\n1,x\n');
    expect((await project.run({ parallelDatasets: 3, workers: 4 })).exitCode).toBe(0);
  });
});

describe('a sample', () => {
  it('takes the first rows into its own file, and touches neither target nor ledger', async () => {
    using project = new Project([datasetOf('t', features, { source: { slice_bytes: 64 } })]);
    project.write('t.csv', `n,text\n${Array.from({ length: 300 }, (_, at) => `${at},x`).join('\n')}\n`);
    const file = project.path('sample.parquet');
    const receipt = await project.load({ sample: { rows: 70, file }, workers: 4 });
    expect(receipt).toMatchObject({ outcome: 'published', target: file, rows: { published: 70 } });
    expect(await query(`SELECT count(*), max(n) FROM '${file}'`)).toEqual([['70', 69]]);
    expect(project.list('out')).toEqual([]);
    expect(project.list('.atlas')).toEqual([]);
    const more = await project.load({ sample: { rows: 1000, file } });
    expect(more.rows.published).toBe(300);
  });

  it('takes one dataset only', async () => {
    using project = new Project([datasetOf('a', features), datasetOf('b', features)]);
    const file = project.path('sample.parquet');
    await expect(project.run({ sample: { rows: 1, file } })).rejects.toMatchObject({ code: 'ATLAS_USAGE' });
  });
});
