import { describe, expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { cli } from './cli.ts';

async function loaded(): Promise<Project & { readonly last: string }> {
  const project = new Project([
    datasetOf('a', { n: 'int32', text: 'string' }),
    datasetOf('p', { n: 'int32', text: 'string' }, { destination: { path: 'out/p/', partition_by: ['text'] } }),
  ]);
  for (const name of ['a', 'p']) project.write(`${name}.csv`, 'n,text\n1,x\n2,y\n');
  const { run } = await project.run();
  return Object.assign(project, { last: run });
}

describe('history', () => {
  it('lists runs, the newest first', async () => {
    using project = await loaded();
    project.write('a.csv', 'n,text\nbad,x\n');
    await project.run();
    const { status, stdout } = await cli(['history'], { cwd: project.root });
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBe(3);
    expect(lines[1]).toMatch(/ g .* failed \(1\) +0 +1 |partly \(3\)|failed/);
    expect(lines[2]).toContain(project.last);
    expect(lines[2]).toMatch(/published \(0\) +4 +0 /);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect((await cli(['history', '--ocs', 'other'], { cwd: project.root })).stdout).toMatch(/^no runs yet/);
  });
});

describe('show', () => {
  it.each(['last', 'id', 'prefix', 'tail'])('finds the run by %s', async (how) => {
    using project = await loaded();
    const tail = project.last.split('-')[1] ?? '';
    const name =
      { last: 'last', id: project.last, prefix: project.last.slice(0, 17), tail: tail.slice(0, 4) }[how] ?? '';
    const { status, stdout } = await cli(['show', name], { cwd: project.root });
    expect(status).toBe(0);
    expect(stdout).toContain(`run ${project.last} of g: published, exit 0`);
    expect(stdout).toContain('2 read = 2 published + 0 rejected');
    expect(stdout).toContain('7 header + 8 row');
    expect(stdout).toContain('text=x/part-00000.parquet: 1 rows');
    const { stdout: json } = await cli(['show', name, '--json'], { cwd: project.root });
    expect(JSON.parse(json)).toMatchObject({
      run: project.last,
      exit_code: 0,
      datasets: [{ dataset: 'a' }, { dataset: 'p' }],
    });
  });

  it('says that there is no such run', async () => {
    using project = await loaded();
    const { status, stderr } = await cli(['show', 'nope'], { cwd: project.root });
    expect([status, stderr]).toEqual([2, expect.stringContaining('ATLAS_RUN_UNKNOWN: there is no run "nope"')]);
  });
});

describe('verify', () => {
  it('is content with what was published', async () => {
    using project = await loaded();
    const { status, stdout } = await cli(['verify', 'last'], { cwd: project.root });
    expect(status).toBe(0);
    expect(stdout.match(/^ok {5}/gm)?.length).toBe(3);
    const { stdout: json } = await cli(['verify', 'last', '--json'], { cwd: project.root });
    expect(JSON.parse(json)).toMatchObject({ verify_version: 1, run: project.last, ok: true });
  });

  it.each([
    ['a byte is another', /SHA-256/],
    ['it is cut', /bytes, \d+ were published/],
    ['it is gone', /it is gone/],
  ])('fails where %s', async (how, message) => {
    using project = await loaded();
    const bytes = project.read('out/a.parquet');
    if (how === 'it is gone') {
      const { rmSync } = await import('node:fs');
      rmSync(project.path('out/a.parquet'));
    } else if (how === 'it is cut') project.write('out/a.parquet', bytes.subarray(0, -1));
    else
      project.write(
        'out/a.parquet',
        bytes.map((byte, at) => (at === 10 ? byte ^ 1 : byte)),
      );
    const { status, stdout, stderr } = await cli(['verify', project.last], { cwd: project.root });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILED a /m);
    expect(stderr).toMatch(/^error ATLAS_VERIFY_FAILED: 1 of 3 files/);
    expect(stderr).toMatch(message);
  });

  it('says that a later run has published there since', async () => {
    using project = await loaded();
    project.write('a.csv', 'n,text\n1,x\n2,y\n3,z\n');
    await project.run({ plans: (await project.plans()).slice(0, 1) });
    const { status, stderr } = await cli(['verify', project.last], { cwd: project.root });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/has published there since/)]);
  });
});
