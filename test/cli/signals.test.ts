import { describe, expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { cli } from './cli.ts';

function long(): Project {
  const project = new Project([datasetOf('t', { n: 'int32', text: 'string' }, { source: { slice_bytes: 50_000 } })]);
  project.write('t.csv', `n,text\n${Array.from({ length: 300_000 }, (_, at) => `${at},"text ${at}"`).join('\n')}\n`);
  return project;
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130, '1'],
    ['SIGTERM', 143, '3'],
  ] as const)('%s ends the run with %i, nothing left behind', async (signal, exit, workers) => {
    using project = long();
    let sent = false;
    const { status, stderr } = await cli(['run', '--ocs', 'g', '--workers', workers], {
      cwd: project.root,
      onStderr: (text, child) => {
        if (!sent && text.includes('t: reading')) sent = child.kill(signal);
      },
    });
    expect(status).toBe(exit);
    expect(stderr).toContain(`${signal}: stopping and cleaning up`);
    expect(stderr).toContain('error ATLAS_STOPPED');
    expect(project.list('out')).toEqual([]);
    const again = await cli(['run', '--ocs', 'g', '-q'], { cwd: project.root });
    expect(again).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(project.list('out')).toEqual(['t.parquet']);
    const { stdout } = await cli(['history', '--json'], { cwd: project.root });
    const { runs } = JSON.parse(stdout) as { runs: { status: string; exit_code: number }[] };
    expect(runs.map(({ status: how, exit_code }) => [how, exit_code])).toEqual([
      ['published', 0],
      ['stopped', exit],
    ]);
  });

  it('a second one ends it at once; the next run cleans up after it', async () => {
    using project = long();
    let sent = 0;
    const { status } = await cli(['run', '--ocs', 'g'], {
      cwd: project.root,
      onStderr: (text, child) => {
        if (sent === 0 && text.includes('t: reading')) {
          sent = 1;
          child.kill('SIGTERM');
        } else if (sent === 1 && text.includes('stopping')) {
          sent = 2;
          child.kill('SIGTERM');
        }
      },
    });
    expect(status).toBe(143);
    expect((await cli(['run', '--ocs', 'g', '-q'], { cwd: project.root })).status).toBe(0);
    expect(project.list('out')).toEqual(['t.parquet']);
  });
});
