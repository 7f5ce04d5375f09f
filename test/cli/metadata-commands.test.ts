import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { recordedIo } from './recorded-io.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atlas-cli-'));
  await mkdir(join(root, 'metadata'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const GOOD = {
  ocs: 'g',
  dataset_config: [
    {
      name: 'a',
      source: { type: 'csv', path: 'in.csv', features: [{ name: 'x', type: 'int' } as Record<string, unknown>] },
      destination: { type: 'parquet', path: 'out/{{ ds }}.parquet' },
    },
  ],
};

async function put(document: unknown): Promise<void> {
  await writeFile(join(root, 'metadata/g.json'), JSON.stringify(document, null, 2));
}

async function type(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  const io = recordedIo(root);
  const exit = await runProgram(argv, io);
  return { exit, ...io.printed };
}

describe('validate', () => {
  it('says ok, and what a run needs', async () => {
    await put(GOOD);
    expect(await type('validate', '--ocs', 'g')).toEqual({
      exit: 0,
      out: 'g: ok, 1 dataset; a run needs --var ds=…\n',
      err: '',
    });
    expect((await type('validate', '--ocs', 'g', '--var', 'ds=1')).out).toBe('g: ok, 1 dataset\n');
  });

  it('prints every problem with its place, and exits 2', async () => {
    await put({ ...GOOD, versoin: 1, ocs: 'h' });
    const { exit, out } = await type('validate', '--ocs', 'g');
    expect(exit).toBe(2);
    expect(out).toBe(
      [
        'error ATLAS_META_INVALID: ocs is "h", but the file is named "g"',
        '  at   metadata/g.json:2:10  ocs',
        '  hint Write "g", or rename the file.',
        'error ATLAS_META_INVALID: unknown key "versoin"',
        '  at   metadata/g.json:22:3  versoin',
        '  hint Did you mean "version"?',
        'g: 2 problems',
        '',
      ].join('\n'),
    );
  });

  it('also what only shows once the variables are filled in', async () => {
    await put(GOOD);
    const { exit, out } = await type('validate', '--ocs', 'g', '--var', 'ds=a\0b');
    expect([exit, out.split('\n')[0]]).toEqual([2, 'error ATLAS_META_INVALID: path holds a NUL character']);
  });

  it('as JSON', async () => {
    await put({ ...GOOD, versoin: 1 });
    const { exit, out } = await type('validate', '--ocs', 'g', '--json', '--var', 'dz=1');
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({
      ok: false,
      ocs: 'g',
      problems: [
        {
          code: 'ATLAS_META_INVALID',
          message: 'unknown key "versoin"',
          file: join(root, 'metadata/g.json'),
          line: 22,
          column: 3,
          path: 'versoin',
          hint: 'Did you mean "version"?',
        },
      ],
      warnings: [],
      variables: [],
    });
  });

  it('warns of a variable that nothing uses', async () => {
    await put(GOOD);
    const { exit, out } = await type('validate', '--ocs', 'g', '--var', 'dz=1', '--var', 'ds=1');
    expect(exit).toBe(0);
    expect(out).toContain(
      'warning ATLAS_META_VARIABLE: --var dz is given, but nothing uses it\n  hint Did you mean ds?',
    );
  });

  it('unknown groups and datasets', async () => {
    await put(GOOD);
    expect(await type('validate', '--ocs', 'gg')).toMatchObject({ exit: 2, out: '' });
    const { exit, err } = await type('validate', '--ocs', 'g', '--dataset', 'b');
    expect([exit, err.split('\n')[0]]).toEqual([2, 'error ATLAS_USAGE: --dataset is "b", which is no dataset of g']);
  });
});

describe('plan', () => {
  const plan = (...more: string[]) => type('plan', '--ocs', 'g', '--var', 'ds=1', ...more);

  it('says what would happen, touching nothing', async () => {
    await put(GOOD);
    await writeFile(join(root, 'in.csv'), 'x,y\n1,2\n');
    const { exit, out, err } = await plan();
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('a: csv to parquet\n  source       in.csv: CSV');
    expect(out).toContain('  input        1 file, 8 bytes, 1 task\n');
    expect(out).toContain('  destination  out/1.parquet: one Parquet file, snappy, overwrite\n');
    expect(out).toContain('  changes      nothing was published before\n');
    const { readdir } = await import('node:fs/promises');
    expect((await readdir(root)).sort()).toEqual(['in.csv', 'metadata']);
  });

  it('an input that is not there yet is said, and is no failure', async () => {
    await put(GOOD);
    const { exit, out } = await plan();
    expect(exit).toBe(0);
    expect(out).toMatch(/ {2}input {8}.*in\.csv/);
  });

  it('standard input is left for the run', async () => {
    const [dataset] = GOOD.dataset_config;
    await put({ ...GOOD, dataset_config: [{ ...dataset, source: { ...dataset?.source, path: '-' } }] });
    const { exit, out } = await plan();
    expect(exit).toBe(0);
    expect(out).toContain('  input        standard input is not looked at before a run\n');
  });

  it('an input that a run would fail on', async () => {
    await put(GOOD);
    await writeFile(join(root, 'in.csv'), 'y\n1\n');
    const { exit, out, err } = await plan();
    expect(exit).toBe(1);
    expect(out).toContain('a run would fail: ATLAS_CSV_HEADER_MISSING');
    expect(err).toContain('error ATLAS_CSV_HEADER_MISSING');
  });

  it('without its variables it is a usage error', async () => {
    await put(GOOD);
    const { exit, err } = await type('plan', '--ocs', 'g');
    expect(exit).toBe(2);
    expect(err).toContain('{{ ds }} has no value; known: ocs, dataset');
    expect(err).toContain('metadata/g.json:18:17');
  });

  it('--exit-code answers 10 where schema or loss changes, and --dry-run prints the same', async () => {
    await put(GOOD);
    await writeFile(join(root, 'in.csv'), 'x,y\n1,2\n');
    expect((await plan('--exit-code')).exit).toBe(0);
    expect((await type('run', '--ocs', 'g', '--var', 'ds=1', '--workers', '1', '-q')).exit).toBe(0);
    const same = await plan('--exit-code');
    expect(same.exit).toBe(0);
    expect(same.out).toContain('none in schema or loss since it was last published');
    expect((await type('run', '--ocs', 'g', '--var', 'ds=1', '--dry-run')).out).toBe(same.out);

    const [dataset] = GOOD.dataset_config;
    const changed = (features: object[]) => ({
      ...GOOD,
      dataset_config: [{ ...dataset, source: { ...dataset?.source, features } }],
    });
    await put(
      changed([
        { name: 'x', type: 'int32', nullable: false },
        { name: 'y', type: 'int' },
      ]),
    );
    const { exit, out } = await plan('--exit-code');
    expect(exit).toBe(10);
    for (const change of ['x was int64 and becomes int32', 'x may be null no longer', 'y is new: int64']) {
      expect(out).toContain(`  changes      ${change}\n`);
    }
    await put(changed([{ name: 'x', type: 'int', on_loss: 'round' }]));
    expect(await plan('--exit-code')).toMatchObject({ exit: 10 });
    expect((await plan()).exit).toBe(0);
  });

  it('as JSON, without the values of what is sensitive', async () => {
    const [dataset] = GOOD.dataset_config;
    const features = [
      { name: 'x', type: 'decimal(9,2)' },
      { name: 'tag', type: 'string', value: 'swordfish', sensitive: true },
    ];
    await put({ ...GOOD, dataset_config: [{ ...dataset, source: { ...dataset?.source, features } }] });
    await writeFile(join(root, 'in.csv'), 'x\n1\n');
    const { exit, out } = await plan('--json');
    expect(exit).toBe(0);
    expect(out).not.toContain('swordfish');
    expect(out.trimEnd()).not.toContain('\n');
    const answer = JSON.parse(out) as { plan_version: number; datasets: Record<string, unknown>[] };
    expect(answer).toMatchObject({ plan_version: 1, ocs: 'g' });
    expect(answer.datasets[0]).toMatchObject({
      dataset: 'a',
      on_error: 'fail',
      source: { null_values: [''], features: [{ name: 'x', type: 'decimal(9,2)' }, { name: 'tag' }] },
      input: { kind: 'seen', tasks: 1, files: [{ path: join(root, 'in.csv'), bytes: 4 }] },
      changes: null,
    });
  });
});

describe('schema', () => {
  it('prints JSON Schema, or writes it', async () => {
    const { exit, out } = await type('schema');
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ title: 'ocs group', type: 'object', additionalProperties: false });
    expect((await type('schema', '--write', 'x.json')).exit).toBe(0);
    expect(await readFile(join(root, 'x.json'), 'utf8')).toBe(out);
    expect((await type('schema', '--write', 'no/x.json')).exit).toBe(2);
  });
});

describe('explain', () => {
  it('one code, however it is written', async () => {
    const { exit, out } = await type('explain', 'ATLAS_TARGET_LOCKED');
    expect(exit).toBe(0);
    expect(out).toMatch(/^ATLAS_TARGET_LOCKED\n {2}Another run holds the target\.\n/);
    expect(out).toContain('exit code    4');
    expect((await type('explain', 'target-locked')).out).toBe(out);
    const facts = JSON.parse((await type('explain', 'target_locked', '--json')).out) as unknown;
    expect(facts).toMatchObject({ code: 'ATLAS_TARGET_LOCKED', exit_code: 4, retryable: true });
  });

  it('all of them', async () => {
    const { out } = await type('explain');
    expect(out).toContain('ATLAS_META_INVALID ');
    const all = JSON.parse((await type('explain', '--json')).out) as unknown[];
    expect(all).toHaveLength(out.trimEnd().split('\n').length);
  });

  it('an unknown one', async () => {
    const { exit, err } = await type('explain', 'ATLAS_CSV_UFT8');
    expect(exit).toBe(2);
    expect(err).toContain('Did you mean ATLAS_CSV_UTF8?');
    expect((await type('explain', '__proto__')).exit).toBe(2);
  });
});
