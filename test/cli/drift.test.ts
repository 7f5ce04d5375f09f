import { describe, expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { cli } from './cli.ts';

const drifting = (onDrift: string) =>
  datasetOf('t', { a: 'int32', b: 'string' }, { source: { path: 'in/*.csv' }, rest: { on_drift: onDrift } });

const plan = (project: Project, ...more: string[]) => cli(['plan', '--ocs', 'g', ...more], { cwd: project.root });

describe('plan', () => {
  it('with fail says that a run would fail, and exits as it would', async () => {
    using project = new Project([drifting('fail')]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    project.write('in/2.csv', 'a,b,tip\n1,x,2\n');
    const { status, stdout, stderr } = await plan(project, '--exit-code');
    expect(status).toBe(1);
    expect(stdout).toContain('a run would fail: ATLAS_DRIFT_FOUND');
    expect(stdout).toContain('column "tip" stands in 1 of 2 files (in/2.csv)');
    expect(stderr).toContain('Set on_drift to evolve or ignore');
  });

  it('with ignore tells what differs, and 10 only where that is news', async () => {
    using project = new Project([drifting('ignore')]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    await project.run();
    expect((await plan(project, '--exit-code')).status).toBe(0);
    project.write('in/2.csv', 'a,tip\n1,2\n');
    const { status, stdout } = await plan(project, '--exit-code');
    expect(status).toBe(10);
    expect(stdout).toMatch(/drift +ignore: new columns are left alone/);
    expect(stdout).toMatch(
      /drift +column "tip" is new since run .*, and stands in 1 of 2 files \(in\/2.csv\): no feature takes it/,
    );
    expect(stdout).toMatch(/drift +column "b" is missing in 1 of 2 files \(in\/2.csv\): b reads as null there/);
    const json = JSON.parse((await plan(project, '--json')).stdout);
    expect(json.datasets[0]).toMatchObject({
      on_drift: 'ignore',
      input: { columns: [{ names: ['a', 'b'] }, { names: ['a', 'tip'], inputs: ['in/2.csv'] }] },
      drift: { appeared: ['tip'], gone: [], partial: ['b', 'tip'], missing: ['b'] },
    });
    await project.run();
    expect((await plan(project, '--exit-code')).status).toBe(0);
    const { stdout: shown } = await cli(['show', 'last'], { cwd: project.root });
    expect(shown).toMatch(/drift +column "tip" is new/);
    const receipts = JSON.parse((await cli(['show', 'last', '--json'], { cwd: project.root })).stdout);
    expect(receipts.datasets[0]).toMatchObject({ columns: ['a', 'b', 'tip'], drift: { appeared: ['tip'] } });
  });

  it('with evolve shows the columns that a run would publish, and touches nothing', async () => {
    using project = new Project([drifting('evolve')]);
    project.write('in/1.csv', 'a,b\n1,x\n');
    await project.run();
    const before = project.list('.');
    project.write('in/1.csv', 'a,b,tip\n5000000000,x,7\n');
    const { status, stdout } = await plan(project, '--exit-code');
    expect(status).toBe(10);
    expect(stdout).toMatch(/features +a +int64/);
    expect(stdout).toMatch(/tip +int/);
    expect(stdout).toMatch(/drift +column "tip" is new since run .*: added as int/);
    expect(stdout).toMatch(/drift +a is declared int32, and widened to int64/);
    expect(stdout).toMatch(/changes +a was int32 and becomes int64/);
    expect(stdout).toContain('reads the inputs twice');
    expect(project.list('.')).toEqual(before);
    const hash = /plan +([0-9a-f]{64})/.exec(stdout)?.[1];
    expect((await project.load()).planHash).toBe(hash);
    expect((await plan(project, '--exit-code')).status).toBe(0);
  });
});
