import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { datasetOf, Project } from '../run/project.ts';
import { whileHeld } from '../run/while-held.ts';
import { cli } from './cli.ts';

const features = { n: 'int32', text: 'string' };

function good(): Project {
  const project = new Project([datasetOf('first', features), datasetOf('second', features)]);
  for (const name of ['first', 'second']) project.write(`${name}.csv`, 'n,text\n1,x\n2,y\n');
  return project;
}

describe('what a run prints', () => {
  it('a table on standard output, messages on standard error, both without colour when piped', async () => {
    using project = good();
    const { status, stdout, stderr } = await cli(['run', '--ocs', 'g'], { cwd: project.root });
    expect(stderr).toContain('first: reading 15 B');
    expect(stderr).toContain('published second: 2 rows');
    expect(status).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]?.split(/ {2,}/)).toEqual([
      'dataset',
      'rows read',
      'published',
      'rejected',
      'in',
      'out',
      'seconds',
      'rows/s',
      'status',
    ]);
    expect(lines[1]).toMatch(/^first +2 +2 +0 +15 B +[\d.]+ (Ki)?B +\d+\.\d+ +[\d.]+( k)? +ok$/);
    expect(lines[3]).toMatch(/^total +4 +4 +0 /);
    expect(stdout).toContain('first   ->  out/first.parquet');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('colours where they are forced, and none where NO_COLOR is set', async () => {
    using project = good();
    const run = ['run', '--ocs', 'g'];
    expect((await cli(run, { cwd: project.root, env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[1m');
    const both = await cli(run, { cwd: project.root, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(both.stdout + both.stderr).not.toContain('\u001b');
  });

  it('one line of JSON with --json, the last', async () => {
    using project = good();
    const { stdout } = await cli(['run', '--ocs', 'g', '--json', '--workers', '2'], { cwd: project.root });
    expect(stdout.split('\n').length).toBe(2);
    const result = JSON.parse(stdout) as { datasets: Record<string, unknown>[] };
    expect(result).toMatchObject({ receipt_version: 1, ocs: 'g', exit_code: 0 });
    expect(result.datasets.map(({ dataset }) => dataset)).toEqual(['first', 'second']);
    expect(result.datasets[0]).toMatchObject({
      receipt_version: 1,
      outcome: 'published',
      bytes_in: 15,
      rows: { read: 2, published: 2, rejected: 0 },
      spans: { header: 7, row: 8, reject: 0 },
      target: project.path('out/first.parquet'),
      schema: [
        { name: 'n', type: 'int32', nullable: true },
        { name: 'text', type: 'string', nullable: true },
      ],
      error: null,
    });
  });

  it('nothing with -q, unless it fails', async () => {
    using project = good();
    const quiet = ['run', '--ocs', 'g', '-q'];
    expect(await cli(quiet, { cwd: project.root })).toEqual({ status: 0, stdout: '', stderr: '' });
    project.write('second.csv', 'n,text\nsecret-value,y\n');
    const { status, stdout, stderr } = await cli(quiet, { cwd: project.root });
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      [
        'error ATLAS_REJECTS_FOUND: second: 1 row could not be taken; the first: ATLAS_CAST_SYNTAX: not written as int32',
        '  at   second.csv:2, column n',
        '       rows  code               column',
        '          1  ATLAS_CAST_SYNTAX  n',
        '  hint Mend them, or set on_error to reject with max_rejects.',
        '  more atlas-ingest explain ATLAS_REJECTS_FOUND',
        '',
      ].join('\n'),
    );
  });

  it('JSON lines with --log json, one per event', async () => {
    using project = good();
    const { stderr } = await cli(['run', '--ocs', 'g', '--log', 'json'], { cwd: project.root });
    const events = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; time: string });
    expect(events[0]).toMatchObject({ type: 'run_started', ocs: 'g', datasets: ['first', 'second'] });
    expect(events.at(-1)).toMatchObject({ type: 'run_ended', exit_code: 0 });
    expect(events.every(({ time }) => !Number.isNaN(Date.parse(time)))).toBe(true);
    const wrong = await cli(['run', '--ocs', 'nope', '--log', 'json'], { cwd: project.root });
    expect(wrong.status).toBe(2);
    expect(JSON.parse(wrong.stderr)).toMatchObject({ type: 'error', code: 'ATLAS_META_NOT_FOUND', exit_code: 2 });
  });
});

describe('where a run finds things', () => {
  it('metadata upwards from the cwd, state beside it', async () => {
    using project = good();
    mkdirSync(project.path('deep/below'), { recursive: true });
    expect((await cli(['run', '--ocs', 'g', '-q'], { cwd: project.path('deep/below') })).status).toBe(0);
    expect(project.list('out')).toEqual(['first.parquet', 'second.parquet']);
    expect(project.list('.atlas')).toContain('ledger.db');
  });

  it('what the environment says, and before it what the command line says', async () => {
    using project = good();
    using elsewhere = new Project();
    const env = {
      ATLAS_METADATA: project.path('metadata'),
      ATLAS_STATE: elsewhere.path('state'),
      ATLAS_LEDGER: elsewhere.path('ledgers/one.db'),
    };
    mkdirSync(elsewhere.path('ledgers'));
    expect((await cli(['run', '--ocs', 'g', '-q'], { cwd: elsewhere.root, env })).stderr).toBe('');
    expect(elsewhere.list('ledgers')).toContain('one.db');
    expect(project.list('.atlas')).toEqual([]);
    const args = ['history', '--json', '--state', elsewhere.path('other')];
    const { stdout } = await cli(args, { cwd: elsewhere.root, env: { ATLAS_STATE: elsewhere.path('state') } });
    expect(JSON.parse(stdout)).toMatchObject({ runs: [] });
  });

  it('only the datasets that are named, and the variables that are given', async () => {
    using project = good();
    project.declare([
      datasetOf('first', features, { destination: { path: 'out/{{ day }}.parquet' } }),
      datasetOf('second', features),
    ]);
    const args = ['run', '--ocs', 'g', '--dataset', 'first', '--var', 'day=d1', '--var', 'day=d2', '-q'];
    expect(await cli(args, { cwd: project.root })).toMatchObject({ status: 0, stderr: '' });
    expect(project.list('out')).toEqual(['d2.parquet']);
  });
});

describe('exit codes', () => {
  it('0 and nothing touched with --dry-run', async () => {
    using project = good();
    const { status, stdout } = await cli(['run', '--ocs', 'g', '--dry-run'], { cwd: project.root });
    expect(status).toBe(0);
    expect(stdout).toContain('first');
    expect([project.list('out'), project.list('.atlas')]).toEqual([[], []]);
  });

  it('1 where nothing is published', async () => {
    using project = good();
    project.write('first.csv', 'n\n');
    project.write('second.csv', '');
    const { status, stderr } = await cli(['run', '--ocs', 'g'], { cwd: project.root });
    expect(status).toBe(1);
    expect(stderr).toMatch(/error ATLAS_CSV_HEADER_MISSING: first/);
    expect(stderr).toMatch(/error ATLAS_INPUT_EMPTY: second/);
  });

  it('4 and 99 where another run holds the target', async () => {
    using project = new Project([datasetOf('first', features)]);
    project.write('first.csv', 'n,text\n1,x\n');
    await whileHeld(project, async () => {
      const fail = await cli(['run', '--ocs', 'g'], { cwd: project.root });
      expect([fail.status, fail.stderr]).toEqual([4, expect.stringMatching(/ATLAS_TARGET_LOCKED: first: .*other-run/)]);
      expect((await cli(['run', '--ocs', 'g', '--if-locked', 'skip'], { cwd: project.root })).status).toBe(99);
      expect((await cli(['run', '--ocs', 'g', '--if-locked', 'wait=200ms'], { cwd: project.root })).status).toBe(4);
    });
  });

  it('75 where the ledger is out of reach', async () => {
    using project = good();
    project.write('blocked', 'a file, not a folder');
    const { status, stderr } = await cli(['run', '--ocs', 'g', '--state', 'blocked'], { cwd: project.root });
    expect([status, stderr]).toEqual([75, expect.stringMatching(/^error ATLAS_LEDGER_UNAVAILABLE: /)]);
    expect(project.list('out')).toEqual([]);
  });

  it('1 with --strict where rows are rejected within limits', async () => {
    using project = new Project([datasetOf('first', features, { rest: { on_error: 'reject', max_rejects: 1 } })]);
    project.write('first.csv', 'n,text\n1,x\nbad,y\n');
    const warned = await cli(['run', '--ocs', 'g'], { cwd: project.root });
    expect([warned.status, warned.stderr]).toEqual([
      0,
      expect.stringMatching(/warning ATLAS_REJECTS_FOUND: first: 1 of 2 rows were rejected; they are in .*\.jsonl/),
    ]);
    expect((await cli(['run', '--ocs', 'g', '--strict'], { cwd: project.root })).status).toBe(1);
  });

  it('a sample goes to its own file', async () => {
    using project = good();
    const args = ['run', '--ocs', 'g', '--dataset', 'first', '--limit', '1', '--to', 'sample.parquet', '-q'];
    expect(await cli(args, { cwd: project.root })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(project.list('.').filter((name) => name.endsWith('.parquet'))).toEqual(['sample.parquet']);
    const two = await cli(['run', '--ocs', 'g', '--limit', '1', '--to', 's.parquet'], { cwd: project.root });
    expect([two.status, two.stderr]).toEqual([
      2,
      expect.stringMatching(/--to takes the rows of one dataset, 2 are selected/),
    ]);
  });
});
