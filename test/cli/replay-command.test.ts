import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { cli } from './cli.ts';

const features = { n: 'int32', text: 'string' };
const borne = { rest: { on_error: 'reject', max_rejects: 10 } };

/** A project whose last run left two rejects, the first of them mended. */
async function rejected() {
  const project = new Project([datasetOf('t', features, borne)]);
  project.write('t.csv', 'n,text\n1,a\nx2,b\n3,c,d\n4,d\n');
  const { run, receipts } = await project.run();
  const path = receipts[0]?.rejects.path as string;
  writeFileSync(path, readFileSync(path, 'utf8').replace('x2', '2'));
  return Object.assign(project, { last: run, rejects: path });
}

describe('replay', () => {
  it('says what became of the rejects, what remains, where, and what to do next', async () => {
    using project = await rejected();
    const first = await cli(['replay', 'last'], { cwd: project.root });
    expect(first.status).toBe(0);
    expect(first.stderr).toMatch(/warning ATLAS_REJECTS_FOUND: t: 1 of 2 rows were rejected again; they are in /);
    const id = /atlas-ingest replay (\S+)/.exec(first.stdout)?.[1] ?? '';
    expect(first.stdout).toContain(
      `t  2 rejects in run ${project.last}: 1 row published, 1 rejected again, 0 removed by hand`,
    );
    expect(first.stdout).toMatch(/1 {2}ATLAS_CSV_TOO_MANY_FIELDS {2}\(whole row\)/);
    expect(first.stdout).toContain(`in   .atlas/rejects/g/t/${id}.jsonl`);

    const second = await cli(['replay', project.last], { cwd: project.root });
    expect(second.status).toBe(2);
    expect(second.stdout).toBe('');
    expect(second.stderr).toMatch(
      new RegExp(`ATLAS_REPLAY_DONE: t: .* by run ${id}.* 1 of them remain.* replay ${id}`),
    );

    const verified = await cli(['verify', project.last], { cwd: project.root });
    expect([verified.status, verified.stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^ok +t +out/t.parquet +3 rows, .*as run ${id} left it`)),
    ]);
    const asJson = await cli(['verify', project.last, '--json'], { cwd: project.root });
    expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: true, files: [{ rows: 3, problem: null, replayed_by: id }] });
    const shown = await cli(['show', project.last], { cwd: project.root });
    expect(shown.stdout).toContain(`replayed by run ${id}: 2 rejects in run ${project.last}: 1 row published`);
    const replay = await cli(['show', id], { cwd: project.root });
    expect(replay.stdout).toContain(`replays   2 rejects in run ${project.last}: 1 row published, 1 rejected again`);
    const past = await cli(['history'], { cwd: project.root });
    expect(past.stdout.split('\n')[1]).toMatch(new RegExp(`^${id} .*replays ${project.last.split('-')[1]}$`));
    // a file that was changed since is not excused by a replay
    writeFileSync(project.path('out/t.parquet'), 'spoiled');
    const spoiled = await cli(['verify', project.last], { cwd: project.root });
    expect([spoiled.status, spoiled.stderr]).toEqual([1, expect.stringContaining('ATLAS_VERIFY_FAILED')]);
  });

  it('prints one line of JSON, and is quiet where it is told to be', async () => {
    using project = await rejected();
    const { status, stdout, stderr } = await cli(['replay', project.last, '--json', '-q'], { cwd: project.root });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      receipt_version: 1,
      ocs: 'g',
      exit_code: 0,
      datasets: [
        {
          dataset: 't',
          outcome: 'published',
          rows: { read: 2, published: 1, rejected: 1 },
          replays: { run: project.last, rejects: 2, removed: 0 },
        },
      ],
    });
    const past = await cli(['history', '--json'], { cwd: project.root });
    expect(JSON.parse(past.stdout).runs.map(({ replays }: { replays: string }) => replays)).toEqual([
      project.last,
      null,
    ]);
  });

  it('--strict: what remains is a failure', async () => {
    using project = await rejected();
    expect((await cli(['replay', project.last, '--strict', '-q'], { cwd: project.root })).status).toBe(1);
  });

  it('says that the metadata has changed, and reads by the plan of the run', async () => {
    using project = await rejected();
    project.declare([datasetOf('t', { n: 'string', text: 'string' }, borne)]);
    const { status, stdout } = await cli(['replay', project.last, '--json'], { cwd: project.root });
    expect(status).toBe(0);
    const [receipt] = JSON.parse(stdout).datasets;
    expect(receipt.schema[0].type).toBe('int32');
    expect(receipt.notes.join()).toContain('the metadata has changed since');
    const said = await cli(['replay', 'last'], { cwd: project.root });
    expect(said.stderr).toMatch(/note t: the metadata has changed since run/);
  });

  it.each([
    [['nope'], 2, /ATLAS_RUN_UNKNOWN/],
    [[], 2, /ATLAS_USAGE/],
    [['last', '--dataset', 'u'], 2, /ATLAS_REPLAY_NOTHING: run .* has no dataset "u"; it has t/],
    [['last', '--workers', '0'], 2, /ATLAS_USAGE/],
  ] as const)('%j is a usage error', async (args, code, message) => {
    using project = await rejected();
    const { status, stderr } = await cli(['replay', ...args], { cwd: project.root });
    expect(status).toBe(code);
    expect(stderr).toMatch(message);
  });

  it.each(['NOTHING', 'DONE', 'FILE', 'TARGET', 'RAW'])('explain knows ATLAS_REPLAY_%s', async (name) => {
    const { status, stdout } = await cli(['explain', `replay-${name}`], { cwd: '/' });
    expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^ATLAS_REPLAY_${name}\\n`))]);
  });
});
