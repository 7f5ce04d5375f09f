import { statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { query } from './duck.ts';
import { datasetOf } from './project.ts';
import { FEATURES, ReplayProject, rejecting } from './replay-project.ts';

const CSV = 'id,name,price\n1,apple,1.50\n2,pear,x\n3,"plum,2.00\n4,fig,3.10\n5,quince\n6,kiwi,4.00\n';

/** Rows 2, 3 and 5 are rejected. */
async function rejected(more: Parameters<typeof rejecting>[1] = {}, csv = CSV) {
  const project = new ReplayProject([rejecting('t', more)]);
  project.write('t.csv', csv);
  const first = await project.load();
  expect(first.outcome).toBe('published');
  return { project, first };
}

describe('replay', () => {
  it('publishes what was mended, rejects the rest again, and knows what was removed', async () => {
    const { project, first } = await rejected();
    using _ = project;
    expect(first.rows).toMatchObject({ read: 6, published: 3, rejected: 3 });
    const mended = ['2,pear,2.25\n', null, '5,quince\n'];
    project.edit(first, (line, index) => (mended[index] === null ? null : { ...line, raw: mended[index] }));
    const again = await project.again(first.run);
    expect(again).toMatchObject({
      outcome: 'published',
      rows: { read: 2, published: 1, rejected: 1 },
      replays: { run: first.run, rejects: 3, removed: 1 },
      spans: { row: 12, reject: 9, header: 0, skipped: 0, blank: 0, comment: 0 },
      planHash: first.planHash,
      target: first.target,
    });
    expect(await project.rows()).toEqual([
      [1, 'apple', '1.50'],
      [2, 'pear', '2.25'],
      [4, 'fig', '3.10'],
      [6, 'kiwi', '4.00'],
    ]);
    expect(project.rejects(again.rejects.path)).toEqual([
      expect.objectContaining({ file: 't.csv', line: 6, offset: 60, length: 9, code: 'ATLAS_CSV_TOO_FEW_FIELDS' }),
    ]);
    expect(statSync(again.rejects.path as string).mode & 0o777).toBe(0o600);
    expect(statSync(`${first.rejects.path}.plan.json`).mode & 0o777).toBe(0o600);
  });

  it('goes on until none remains: each replay is replayed by the next', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const fixed = ['2,pear,2.25', '3,plum,2.00\r\n', '5,quince,9'];
    let receipt = first;
    for (const [round, raw] of fixed.entries()) {
      project.edit(receipt, (line, index) => (index === 0 ? { ...line, raw } : line));
      const before = receipt.run;
      receipt = await project.again(before);
      expect(receipt.rows).toMatchObject({ published: 1, rejected: 2 - round });
      expect(receipt.replays).toEqual({ run: before, rejects: 3 - round, removed: 0 });
    }
    expect(receipt.rejects.path).toBeNull();
    expect((await project.rows('id')).flat()).toEqual([1, 2, 3, 4, 5, 6]);
    await expect(project.replay(receipt.run)).rejects.toMatchObject({ code: 'ATLAS_REPLAY_NOTHING' });
  });

  it('is done once and only once', async () => {
    const { project, first } = await rejected();
    using _ = project;
    project.edit(first, (line, index) => (index === 0 ? { ...line, raw: '2,pear,2.25\n' } : line));
    const again = await project.again(first.run);
    const bytes = project.read('out/t.parquet');
    project.edit(first, (line, index) => (index === 2 ? { ...line, raw: '5,quince,1\n' } : line));
    const refused = project.replay(first.run);
    await expect(refused).rejects.toMatchObject({ code: 'ATLAS_REPLAY_DONE' });
    await expect(refused).rejects.toThrow(new RegExp(`run ${again.run}.*${again.rejects.path}`));
    expect(project.read('out/t.parquet').equals(bytes)).toBe(true);
  });

  it('a replay that failed points to the run whose rejects they still are', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const text = project.rejects(first.rejects.path);
    writeFileSync(first.rejects.path as string, 'spoiled');
    const failed = await project.again(first.run);
    expect(failed).toMatchObject({ outcome: 'failed', replays: { run: first.run, rejects: 3 } });
    await expect(project.replay(failed.run)).rejects.toMatchObject({
      code: 'ATLAS_REPLAY_NOTHING',
      message: expect.stringContaining(`its rejects are those of run ${first.run} still`),
      hint: `Mend them there, then: atlas-ingest replay ${first.run}`,
    });
    expect(text).toHaveLength(3);
  });

  it('two at the same time: one publishes, the other does nothing', async () => {
    const { project, first } = await rejected();
    using _ = project;
    project.edit(first, (line) => ({ ...line, raw: `${line.line},good,1.00\n` }));
    const both = await Promise.allSettled([project.replay(first.run), project.replay(first.run)]);
    const receipts = both.flatMap((each) => (each.status === 'fulfilled' ? each.value.receipts : []));
    expect(receipts.filter(({ outcome }) => outcome === 'published')).toHaveLength(1);
    expect(receipts.filter(({ outcome }) => outcome !== 'published').map(({ error }) => error?.code)).toEqual(
      receipts.length === 1 ? [] : [expect.stringMatching(/^ATLAS_(TARGET_LOCKED|REPLAY_DONE)$/)],
    );
    expect(await project.rows('id')).toHaveLength(6);
  });

  it('of nothing that was mended publishes nothing, and leaves the rejects where they are', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const bytes = project.read('out/t.parquet');
    const files = project.list('.atlas/rejects');
    const again = await project.again(first.run);
    expect(again).toMatchObject({ outcome: 'skipped', rows: { read: 3, published: 0, rejected: 3 }, error: null });
    expect(again.rejects.path).toBe(first.rejects.path);
    expect(again.rejects.byCode).toHaveLength(3);
    expect(project.read('out/t.parquet').equals(bytes)).toBe(true);
    expect(project.list('.atlas/rejects')).toEqual(files);
    expect(project.list('out')).toEqual(['t.parquet']);
    // and is not counted as done
    await expect(project.replay(again.run)).rejects.toThrow(`its rejects are those of run ${first.run} still`);
    project.edit(first, (line, index) => (index === 0 ? { ...line, raw: '2,pear,2.25\n' } : line));
    expect((await project.again(first.run)).rows).toMatchObject({ published: 1, rejected: 2 });
  });

  it.each([
    ['every line', (): null => null],
    ['every raw', (line: object) => ({ ...line, raw: '' })],
  ])('of a file out of which %s was taken publishes nothing', async (_name, edit) => {
    const { project, first } = await rejected();
    using _ = project;
    project.edit(first, edit);
    const { exitCode, receipts } = await project.replay(first.run);
    expect(exitCode).toBe(0);
    expect(receipts[0]).toMatchObject({
      outcome: 'skipped',
      rows: { read: 0, rejected: 0 },
      replays: { rejects: 3, removed: 3 },
    });
  });

  it('reads each row by itself: what one opens ends with it, and one may hold several', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const raws = ['2,"pear,2.25\n', '30,a,1.00\n31,b\n32,c,3.00\n33,d\n\n', '5,"qu\nin""ce",5\n'];
    project.edit(first, (line, index) => ({ ...line, raw: raws[index] }));
    const again = await project.again(first.run);
    expect(again.rows).toMatchObject({ read: 6, published: 3, rejected: 3 });
    expect(again.spans).toMatchObject({ blank: 1 });
    expect((await project.rows('id, name')).slice(-3)).toEqual([
      [6, 'kiwi'],
      [30, 'a'],
      [32, 'c'],
    ]);
    expect(await project.rows('name')).toContainEqual(['qu\nin"ce']);
    const left = project.rejects(again.rejects.path);
    expect(left.map(({ line, offset, record, raw }) => [line, offset, record, raw])).toEqual([
      [3, 27, undefined, raws[0]],
      [5, 36, '1', '31,b\n'],
      [7, 36, '2', '33,d\n'],
    ]);
    // those of one place are told apart, and split once more
    project.edit(again, (line) =>
      line.record === '2'
        ? { ...line, raw: '33,d,1\n34,e\n35,f\n' }
        : line.record
          ? { ...line, raw: '31,b,1\n' }
          : line,
    );
    const third = await project.again(again.run);
    expect(third.rows).toMatchObject({ published: 2, rejected: 3 });
    expect(project.rejects(third.rejects.path).map(({ record }) => record)).toEqual([undefined, '2.1', '2.2']);
    project.edit(third, (line) => ({ ...line, raw: `${40 + Number(line.record?.at(-1) ?? 0)},z,1\n` }));
    expect((await project.again(third.run)).rows).toMatchObject({ published: 3, rejected: 0 });
  });

  it('gives @file and @line what they were, @loaded_at the replay', async () => {
    const constants = { f: '@file', l: '@line', at: '@loaded_at' };
    const types = { f: 'string', l: 'int32', at: 'timestamptz(us)' };
    const features = [
      ...Object.entries(FEATURES).map(([name, type]) => ({ name, type })),
      ...Object.entries(constants).map(([name, value]) => ({ name, type: types[name as 'f'], value })),
    ];
    using project = new ReplayProject([rejecting('t', { source: { path: 'in/*.csv', features } })]);
    project.write('in/a.csv', CSV);
    project.write('in/b.csv', `price,id,name\n1,x,late\n2,8,good\n3,y\n`);
    const first = await project.load();
    project.edit(first, ({ file, line, ...rest }) => {
      const raw = file === 'in/a.csv' ? `${line},a,1` : `1,${line + 100},b`;
      return { file, line, ...rest, raw };
    });
    const again = await project.again(first.run);
    expect(again.rows).toMatchObject({ published: 5, rejected: 0 });
    expect(await project.rows('id, name, price, f, l')).toEqual([
      [1, 'apple', '1.50', 'in/a.csv', 2],
      [3, 'a', '1.00', 'in/a.csv', 3],
      [4, 'a', '1.00', 'in/a.csv', 4],
      [4, 'fig', '3.10', 'in/a.csv', 5],
      [6, 'a', '1.00', 'in/a.csv', 6],
      [6, 'kiwi', '4.00', 'in/a.csv', 7],
      [8, 'good', '2.00', 'in/b.csv', 3],
      [102, 'b', '1.00', 'in/b.csv', 2],
      [104, 'b', '1.00', 'in/b.csv', 4],
    ]);
    const times = await query(`SELECT count(DISTINCT "at") FROM '${project.path('out/t.parquet')}'`);
    expect(times).toEqual([['2']]);
  });

  it('knows what it cannot try: rows that were cut, rows that are not there', async () => {
    const long = `7,${'é'.repeat(40_000)},x\n`;
    const { project, first } = await rejected({}, CSV + long);
    using _ = project;
    const lines = project.rejects(first.rejects.path);
    expect(lines[3]).toMatchObject({ truncated: true });
    project.edit(first, (line, index) =>
      index === 0 ? { ...line, raw: null } : index === 1 ? { ...line, raw: '3,p,1' } : line,
    );
    const again = await project.again(first.run);
    expect(again.rows).toMatchObject({ published: 1, rejected: 3 });
    const left = project.rejects(again.rejects.path);
    expect(left.map(({ code, line, truncated }) => [code, line, truncated])).toEqual([
      ['ATLAS_REPLAY_RAW', 3, undefined],
      ['ATLAS_CSV_TOO_FEW_FIELDS', 6, undefined],
      ['ATLAS_REPLAY_RAW', 8, true],
    ]);
    expect(left[2]?.raw).toBe(lines[3]?.raw);
    project.edit(again, ({ truncated, ...line }) => (truncated ? { ...line, raw: long.replace('x', '1') } : null));
    expect((await project.again(again.run)).rows).toMatchObject({ published: 1, rejected: 0 });
    expect(await project.rows('length(name)')).toContainEqual(['40000']);
  });

  it('takes bytes that are not UTF-8 as they were, until text stands there', async () => {
    using project = new ReplayProject([rejecting('t')]);
    project.write('t.csv', Buffer.from('id,name,price\n1,a,1\n2,\xff,2\n', 'latin1'));
    const first = await project.load();
    expect(project.rejects(first.rejects.path)).toMatchObject([{ raw: null, code: 'ATLAS_CSV_UTF8' }]);
    const same = await project.again(first.run);
    expect(same.rejects.byCode).toMatchObject([{ code: 'ATLAS_CSV_UTF8', count: 1 }]);
    project.edit(first, (line) => ({ ...line, raw: '2,ÿ,2\n' }));
    expect((await project.again(first.run)).rows).toMatchObject({ published: 1, rejected: 0 });
    expect(await project.rows('name')).toEqual([['a'], ['ÿ']]);
  });

  it.each(['latin1', 'utf-16le', 'shift_jis', 'gb18030'] as const)(
    'reads what was %s as the text it was',
    async (encoding) => {
      using project = new ReplayProject([rejecting('t', { source: { encoding } })]);
      const name = encoding === 'latin1' ? 'Käse' : '日本';
      const bytes: Readonly<Record<string, readonly number[]>> = {
        latin1: [0x4b, 0xe4, 0x73, 0x65],
        'utf-16le': [0xe5, 0x65, 0x2c, 0x67],
        shift_jis: [0x93, 0xfa, 0x96, 0x7b],
        gb18030: [0xc8, 0xd5, 0xb1, 0xbe],
      };
      const coded = (text: string) => Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : 'latin1');
      const parts = [coded('id,name,price\n1,a,1\n2,'), Buffer.from(bytes[encoding]!), coded(',x\n3,b,3\n')];
      project.write('t.csv', Buffer.concat(parts));
      const first = await project.load();
      expect(first.rows).toMatchObject({ published: 2, rejected: 1 });
      expect(project.rejects(first.rejects.path)).toMatchObject([{ raw: `2,${name},x\n`, line: 3 }]);
      project.edit(first, (line) => ({ ...line, raw: line.raw?.replace('x', '2') }));
      expect((await project.again(first.run)).rows).toMatchObject({ published: 1, rejected: 0 });
      expect(await project.rows('name')).toEqual([['a'], [name], ['b']]);
    },
  );

  it('bytes that are not valid in the encoding stay what they are, until text stands there', async () => {
    using project = new ReplayProject([rejecting('t', { source: { encoding: 'shift_jis' } })]);
    project.write('t.csv', Buffer.from('id,name,price\n1,a,1\n2,\xff\xff,2\n', 'latin1'));
    const first = await project.load();
    const [line] = project.rejects(first.rejects.path);
    expect(line).toMatchObject({ raw: null, raw_base64: Buffer.from('2,\xff\xff,2\n', 'latin1').toString('base64') });
    const same = await project.again(first.run);
    expect(same.rejects.byCode).toMatchObject([{ code: 'ATLAS_CSV_ENCODING', count: 1 }]);
    project.edit(first, ({ raw_base64: _gone, ...rest }) => ({ ...rest, raw: '2,ニ,2\n' }));
    expect((await project.again(first.run)).rows).toMatchObject({ published: 1, rejected: 0 });
    expect(await project.rows('name')).toEqual([['a'], ['ニ']]);
  });

  it('makes the same bytes whatever the workers, and tells the same rejects', async () => {
    const csv = `id,name,price\n${Array.from({ length: 600 }, (_, n) => `${n},${n % 2 ? 'odd' : 'even'},?`).join('\n')}\n`;
    const seen = new Set<string>();
    for (const workers of [1, 2, 3]) {
      const { project, first } = await rejected({ source: { slice_bytes: 512 }, rest: { max_rejects: '100%' } }, csv);
      using _ = project;
      project.edit(first, (line, index) => ({ ...line, raw: line.raw?.replace('?', index % 3 ? '1.5' : 'bad') }));
      const again = await project.again(first.run, { workers });
      expect(again.rows).toMatchObject({ read: 600, published: 400, rejected: 200 });
      expect(again.workers).toBe(workers);
      const left = project.rejects(again.rejects.path).map(({ line }) => line);
      expect(left).toEqual([...left].sort((a, b) => a - b));
      seen.add(project.read('out/t.parquet').toString('base64') + left.join());
    }
    expect(seen.size).toBe(1);
  });

  it('keeps to the plan of its run where the metadata has changed, and says so', async () => {
    const { project, first } = await rejected();
    using _ = project;
    project.declare([datasetOf('t', { id: 'string' }, { destination: { path: 'out/elsewhere.parquet' } })]);
    const [now] = await project.plans();
    project.edit(first, (line, index) => (index === 0 ? { ...line, raw: '2,pear,2.25\n' } : line));
    const again = await project.again(first.run, { planNow: async () => now ?? null });
    expect(again.rows.published).toBe(1);
    expect(again.notes.join()).toContain(`the metadata has changed since run ${first.run}`);
    expect(project.list('out')).toEqual(['t.parquet']);
  });

  it('several datasets: those that left rejects; what was done already is skipped beside others', async () => {
    using project = new ReplayProject(['a', 'b', 'c'].map((name) => rejecting(name)));
    for (const name of ['a', 'b', 'c']) project.write(`${name}.csv`, name === 'c' ? 'id,name,price\n1,a,1\n' : CSV);
    const { run, receipts } = await project.run();
    for (const receipt of receipts.slice(0, 2)) {
      project.edit(receipt, (line, index) => (index === 0 ? { ...line, raw: '2,pear,2.25\n' } : line));
    }
    await expect(project.replay(run, { datasets: ['c'] })).rejects.toMatchObject({ code: 'ATLAS_REPLAY_NOTHING' });
    await expect(project.replay(run, { datasets: ['d'] })).rejects.toThrow(/no dataset "d"; it has a, b, c/);
    const one = await project.replay(run, { datasets: ['b'] });
    expect(one.receipts.map(({ dataset, outcome }) => [dataset, outcome])).toEqual([['b', 'published']]);
    const rest = await project.replay(run);
    expect(rest.exitCode).toBe(0);
    expect(rest.receipts.map(({ dataset, outcome, error }) => [dataset, outcome, error?.code])).toEqual([
      ['a', 'published', undefined],
      ['b', 'skipped', 'ATLAS_REPLAY_DONE'],
    ]);
    await expect(project.replay(run)).rejects.toMatchObject({ code: 'ATLAS_REPLAY_DONE' });
  });

  it('where rejects names one file, leaves it alone, and knows when a later run took it', async () => {
    const { project, first } = await rejected({ rest: { rejects: 'bad/rows.jsonl' } });
    using _ = project;
    project.edit(first, (line, index) => (index === 0 ? { ...line, raw: '2,pear,2.25\n' } : line));
    const again = await project.again(first.run);
    expect(again.rejects.path).toBe(project.path(`bad/rows.${again.run}.jsonl`));
    expect(project.rejects(first.rejects.path)).toHaveLength(3);
    const later = await project.load();
    const refused = project.replay(again.run);
    await expect(refused).resolves.toMatchObject({ receipts: [{ error: { code: 'ATLAS_REPLAY_TARGET' } }] });
    writeFileSync(`${first.rejects.path}.plan.json`, project.read(`bad/rows.${again.run}.jsonl.plan.json`));
    await expect(project.replay(later.run)).rejects.toThrow(`holds the rejects of run ${again.run} by now`);
  });
});
