import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { Project } from '../run/project.ts';
import { cli } from './cli.ts';

const nowhere = { cwd: tmpdir() };

it('prints version and help, and loads no connector for them', async () => {
  expect(await cli(['--version'], nowhere)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  const help = await cli(['--help'], nowhere);
  expect(help.status).toBe(0);
  for (const command of ['run', 'plan', 'validate', 'inspect', 'history', 'show', 'verify', 'schema', 'explain']) {
    expect(help.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
  const run = await cli(['run', '--help'], nowhere);
  for (const option of [
    '--ocs',
    '--dataset',
    '--var',
    '--env',
    '--workers',
    '--parallel-datasets',
    '--dry-run',
    '--force',
    '--strict',
    '--fail-fast',
    '--if-locked',
    '--limit',
    '--to',
    '--json',
    '-q',
    '--log',
    '--metadata',
    '--state',
  ]) {
    expect(run.stdout).toContain(option);
  }
  expect(`${help.stdout}${run.stdout}`.split('\n').filter((line) => line.length > 110)).toEqual([]);
});

it.each([
  [['rum'], /unknown command 'rum'.*Did you mean run\?/],
  [['run', '--oc', 'g'], /unknown option '--oc'.*Did you mean --ocs\?/],
  [['run'], /--ocs <group> is missing/],
  [['run', '--ocs', 'g', '--workers', 'many'], /--workers is "many"/],
  [['run', '--ocs', 'g', '--workers', '0'], /--workers is "0"/],
  [['run', '--ocs', 'g', '--if-locked', 'wait'], /--if-locked is "wait", fail, skip or wait=10m/],
  [['run', '--ocs', 'g', '--limit', '5'], /--limit stands without --to/],
  [['run', '--ocs', 'g', '--var', 'novalue'], /--var is "novalue"/],
  [['run', '--ocs', 'g', '--log', 'xml'], /--log is "xml", text or json/],
  [['run', '--ocs', 'g', 'surplus'], /too many arguments/],
  [['show'], /missing required argument 'run'/],
  [['show', 'last'], /nothing has run yet/],
  [['run', '--ocs', 'nope'], /no nope\.json/],
  [['run', '--ocs', 'g', '--dataset', 'nope'], /"nope", which is no dataset of g/],
] as const)('%j is a usage error that says what is wrong', async (args, message) => {
  using project = new Project([]);
  project.declare([
    {
      name: 'a',
      source: { type: 'csv', path: 'a.csv', features: [{ name: 'n', type: 'int' }] },
      destination: { type: 'parquet', path: 'a.parquet' },
    },
  ]);
  const { status, stdout, stderr } = await cli(args, { cwd: project.root });
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^error ATLAS_\w+: /);
  expect(stderr).toMatch(/ {2}more atlas-ingest explain ATLAS_\w+\n$/);
  expect(stderr).not.toContain('\u001b');
});

it('says what to do where there is no metadata', async () => {
  using project = new Project();
  const { status, stderr } = await cli(['run', '--ocs', 'g', '--metadata', 'elsewhere'], { cwd: project.root });
  expect(status).toBe(2);
  expect(stderr).toMatch(/ATLAS_META_NOT_FOUND: .*elsewhere is not a folder[\s\S]*hint .*--metadata or ATLAS_METADATA/);
});
