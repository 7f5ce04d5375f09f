import { parquetMetadataAsync } from 'hyparquet';
import { asyncBufferFromFile } from 'hyparquet/src/node.js';
import { describe, expect, it } from 'vitest';
import { cli } from '../cli/cli.ts';
import { query } from './duck.ts';
import { Project } from './project.ts';

/** Names that break careless programs: each is a header and a feature. */
const NAMES: Readonly<Record<string, string>> = {
  'the prototype': '__proto__',
  'a constructor': 'constructor',
  'a method': 'toString',
  'another prototype': 'prototype',
  'a key of JSON': 'toJSON',
  quotes: 'say "so"',
  'line ends': 'first\nsecond\r\nthird',
  delimiters: 'a,b;c\td',
  'control characters': 'bell\u0007 escape\u001b[31m nul\0',
  'other letters': 'größe 数量 \u202eright to left',
  'a path': '../../etc/passwd',
  'a formula': "=cmd|'/C calc'!A0",
  blanks: '  ',
  'a variable of a shell': '$(reboot) `reboot`',
  'a comment of SQL': "x'); DROP TABLE t; --",
};

const written = (name: string) => `"${name.replaceAll('"', '""')}"`;

async function columnNames(path: string): Promise<readonly string[]> {
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
  return metadata.schema.slice(1).map(({ name }) => name);
}

/** Features may not be called with control characters; columns may, and then `from` says so. */
const featureName = (name: string, index: number) => (/\p{Cc}/u.test(name) ? `column ${index}` : name);

const dataset = (names: readonly string[]) => ({
  name: 't',
  source: {
    type: 'csv',
    path: 't.csv',
    features: names.map((name, index) => ({
      name: featureName(name, index),
      from: name,
      type: index === 0 ? 'int32' : 'string',
    })),
  },
  destination: { type: 'parquet', path: 'out/t.parquet' },
  on_error: 'reject',
  max_rejects: 5,
});

describe('column names nobody would choose', () => {
  it('go through a run unchanged, all together: plan, Parquet, rejects, receipts', async () => {
    const names = Object.values(NAMES);
    using project = new Project([dataset(names)]);
    const cells = names.map((_, index) => `${index + 1}`);
    const bad = names.map((_, index) => (index === 0 ? 'bad' : 'x'));
    project.write('t.csv', [names.map(written).join(','), cells.join(','), bad.join(',')].join('\n'));
    const [plan] = await project.plans();
    expect(plan?.schema.fields.map(({ name }) => name)).toEqual(names.map(featureName));
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(receipt.rows).toMatchObject({ read: 2, published: 1, rejected: 1 });
    expect(await columnNames(project.path('out/t.parquet'))).toEqual(names.map(featureName));
    const rejects = project.read(`.atlas/rejects/g/t/${receipt.run}.jsonl`).toString().trim().split('\n');
    expect(rejects.map((line) => JSON.parse(line).column)).toEqual([names[0]]);
    expect(receipt.rejects.byCode).toEqual([{ code: 'ATLAS_CAST_SYNTAX', column: names[0], count: 1 }]);
  });

  it.each(Object.entries(NAMES))('%s: missing from the header, it is named in the error', async (_, name) => {
    using project = new Project([dataset([name])]);
    project.write('t.csv', 'a,b\n1,x\n');
    const { error } = await project.load();
    expect(error?.code).toBe('ATLAS_CSV_HEADER_MISSING');
    expect(error?.message).toContain(JSON.stringify(name));
    expect(project.list('out')).toEqual([]);
  });

  it('of 64 KiB, in the header and as a feature', async () => {
    const long = 'n'.repeat(65_536);
    using project = new Project([dataset(['id', long])]);
    project.write('t.csv', `id,${long}\n1,x\n`);
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(await columnNames(project.path('out/t.parquet'))).toEqual(['id', long]);
    project.write('t.csv', `id,${long}s\n1,x\n`);
    const again = await project.load();
    expect(again.error?.code).toBe('ATLAS_CSV_HEADER_MISSING');
  });

  it('empty in the header, it is a column that no feature takes', async () => {
    using project = new Project([dataset(['id'])]);
    project.write('t.csv', 'id,,""\n1,x,y\n');
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(receipt.rows.published).toBe(1);
  });

  it('are shown without their control characters by plan and inspect', async () => {
    const names = Object.values(NAMES);
    using project = new Project([dataset(names)]);
    project.write('t.csv', [names.map(written).join(','), names.map(() => '1').join(',')].join('\n'));
    await project.load();
    const shown = await Promise.all([
      cli(['plan', '--ocs', 'g'], { cwd: project.root, env: { ATLAS_METADATA: project.path('metadata') } }),
      cli(['inspect', project.path('out/t.parquet')], { cwd: project.root }),
    ]);
    for (const { status, stdout, stderr } of shown) {
      expect(status).toBe(0);
      expect(stdout).toContain('__proto__');
      for (const each of ['\u001b', '\u0007', '\0']) expect(stdout + stderr).not.toContain(each);
    }
  });
});

describe('a feature', () => {
  it.each(['line\nend', 'bell\u0007', 'half \ud83d'])('is not called %j', async (name) => {
    using project = new Project([]);
    project.declare([
      { ...dataset(['x']), source: { type: 'csv', path: 't.csv', features: [{ name, type: 'string' }] } },
    ]);
    await expect(project.plans()).rejects.toMatchObject({ code: 'ATLAS_META_INVALID' });
  });
});

describe('formulas', () => {
  it('are byte-identical in Parquet', async () => {
    const payloads = [
      "=cmd|'/C calc'!A0",
      '+1+1',
      '-2+3',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '=HYPERLINK("http://x","y")',
      '%0A=1',
      '|cmd',
    ];
    using project = new Project([dataset(['id', 'text'])]);
    project.write('t.csv', ['id,text', ...payloads.map((text, index) => `${index},${written(text)}`)].join('\n'));
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    const rows = await query(`SELECT hex(encode("text")) AS h FROM '${project.path('out/t.parquet')}' ORDER BY id`);
    expect(rows.map((row) => Object.values(row)[0])).toEqual(
      payloads.map((text) => Buffer.from(text).toString('hex').toUpperCase()),
    );
  });
});
