import { expect, it } from 'vitest';
import { type RejectLine, ReplayProject, rejecting } from '../run/replay-project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { HdfsFolder } from '../services/hadoop/hdfs-folder.ts';

const through = { signal: new AbortController().signal };
const ROWS = 400;

/** Every tenth row is bad. */
const csv = `id,name,price\n${Array.from({ length: ROWS }, (_, id) => (id % 10 === 7 ? `x${id},bad,1\n` : `${id},"n\n${id}",2.5\n`)).join('')}`;

const linesOf = (text: Buffer | string): readonly RejectLine[] =>
  String(text)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RejectLine);

describeWithHadoop('rejects on HDFS', (hadoop) => {
  async function bed(rest: object, more: object = {}, destination: object = {}) {
    const folder = await HdfsFolder.make(hadoop(), more);
    const project = new ReplayProject();
    project.write('t.csv', csv);
    const connections = { lake: declaredHdfs(hadoop(), more) };
    const declare = (changed: object): void =>
      project.declare(
        [rejecting('t', { source: { slice_bytes: 1000 }, destination, rest: { ...rest, ...changed } })],
        connections,
      );
    declare({ rejects: `${folder.path}/quarantine/` });
    const dispose = async (): Promise<void> => {
      await folder[Symbol.asyncDispose]();
      project[Symbol.dispose]();
    };
    return { folder, project, declare, [Symbol.asyncDispose]: dispose };
  }

  it('are what they are on a local disk, for their owner alone, whatever the connection permits', async () => {
    await using it = await bed({}, { permission: '664' });
    const { folder, project } = it;
    const there = await project.load({ workers: 2 });
    expect(there.error).toBeNull();
    expect(there.rows).toMatchObject({ published: 360, rejected: 40 });
    expect(there.rejects.path).toBe(`${folder.path}/quarantine/${there.run}.jsonl`);
    expect(await folder.list('quarantine')).toEqual([`${there.run}.jsonl`, `${there.run}.jsonl.plan.json`]);
    for (const name of await folder.list('quarantine')) {
      const found = await folder.store.look(`${folder.path}/quarantine/${name}`, through);
      expect(found).toMatchObject({ kind: 'file', mode: 0o600 });
    }
    expect(await folder.store.look(`${folder.path}/quarantine`, through)).toMatchObject({ mode: 0o700 });
    it.declare({ rejects: 'here/' });
    const here = await project.load();
    const lines = await folder.read(`quarantine/${there.run}.jsonl`);
    expect(linesOf(lines)).toEqual(linesOf(project.read(`here/${here.run}.jsonl`)));
  });

  it('go on from there by replay, and what is left of them lies beside', async () => {
    await using it = await bed({});
    const { folder, project } = it;
    const first = await project.load();
    const name = `quarantine/${first.run}.jsonl`;
    const mended = linesOf(await folder.read(name)).map((line, index) => {
      const raw = index === 3 ? line.raw : String(line.raw).replace('x', '');
      return `${JSON.stringify({ ...line, raw })}\n`;
    });
    await folder.write(name, mended.join(''));
    const connections = await project.connections();
    const again = await project.again(first.run, { connections, workers: 2 });
    expect(again.error).toBeNull();
    expect(again).toMatchObject({ outcome: 'published', rows: { read: 40, published: 39, rejected: 1 } });
    expect(again.rejects.path).toBe(`${folder.path}/quarantine/${again.run}.jsonl`);
    expect(linesOf(await folder.read(`quarantine/${again.run}.jsonl`))).toHaveLength(1);
    expect(new Set((await project.rows('id')).map(([id]) => id)).size).toBe(399);
    expect(await project.rows('id')).toHaveLength(399);
    await expect(project.again(first.run, { connections })).rejects.toMatchObject({ code: 'ATLAS_REPLAY_DONE' });
  });

  it('are replaced, with their sidecar, by those of the next run where they have one name', async () => {
    await using it = await bed({});
    const { folder, project } = it;
    it.declare({ rejects: `${folder.path}/bad.jsonl` });
    const first = await project.load();
    project.write('t.csv', 'id,name,price\n1,a,1\nx,b,2\n');
    const second = await project.load();
    expect(linesOf(await folder.read('bad.jsonl'))).toMatchObject([{ line: 3, raw: 'x,b,2\n' }]);
    const connections = await project.connections();
    await expect(project.again(first.run, { connections })).rejects.toMatchObject({
      code: 'ATLAS_REPLAY_FILE',
      message: `${folder.path}/bad.jsonl holds the rejects of run ${second.run} by now, not those of run ${first.run}`,
    });
    await folder.store.remove(`${folder.path}/bad.jsonl.plan.json`, through);
    await expect(project.again(second.run, { connections })).rejects.toMatchObject({
      code: 'ATLAS_REPLAY_FILE',
      message: `there is no plan of run ${second.run} at ${folder.path}/bad.jsonl.plan.json`,
    });
    await expect(project.again(second.run)).rejects.toMatchObject({ code: 'ATLAS_CONNECTION_UNKNOWN' });
  });

  it('of a run that fails are kept', async () => {
    await using it = await bed({ max_rejects: 5 });
    const { folder, project } = it;
    const failed = await project.load();
    expect(failed).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_REJECTS_LIMIT' } });
    expect(failed.rejects.path).toBe(`${folder.path}/quarantine/${failed.run}.jsonl`);
    expect(linesOf(await folder.read(`quarantine/${failed.run}.jsonl`)).length).toBeGreaterThan(5);
  });

  it('that cannot be written fail the run before anything is published, and it says so', async () => {
    await using it = await bed({});
    const { folder, project } = it;
    await folder.write('file', 'x');
    it.declare({ rejects: `${folder.path}/file/bad.jsonl` });
    const failed = await project.load();
    expect(failed).toMatchObject({ outcome: 'failed', rejects: { path: null } });
    expect(failed.error?.message).toContain('the reject file could not be written: ');
    expect(failed.notes.join('\n')).toContain(`could not be kept in ${folder.path}/file/bad.jsonl`);
    expect(project.list('out')).toEqual([]);
    await folder.store.makeFolders(`${folder.path}/folder/inside`, through);
    it.declare({ rejects: `${folder.path}/folder` });
    const refused = await project.load();
    expect(refused.error?.message).toContain('there is a folder at');
    expect(await folder.list('folder')).toEqual(['inside']);
  });

  it('never lie where readers of the data come upon them', async () => {
    await using it = await bed({}, {}, { path: 'hdfs://lake/warehouse/t.parquet' });
    const { project } = it;
    for (const rejects of ['hdfs://lake/warehouse/bad.jsonl', 'hdfs://lake/x/../warehouse/bad.jsonl']) {
      it.declare({ rejects });
      await expect(project.plans()).rejects.toThrow('rejects is beside the data, under a name that readers see');
    }
    for (const rejects of [
      'hdfs://lake/warehouse/_bad.jsonl',
      'hdfs://lake/quarantine/bad.jsonl',
      'hdfs://lake/warehouses/bad.jsonl',
      'warehouse/bad.jsonl',
      '/warehouse/bad.jsonl',
    ]) {
      it.declare({ rejects });
      await project.plans();
    }
  });
});
