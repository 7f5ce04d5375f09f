import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/index.ts';
import { ReplayProject, rejecting } from './replay-project.ts';

const CSV = 'id,name,price\n1,apple,1.50\n2,pear,x\n3,plum,y\n';

async function rejected(more: Parameters<typeof rejecting>[1] = {}) {
  const project = new ReplayProject([rejecting('t', more)]);
  project.write('t.csv', CSV);
  const first = await project.load();
  project.edit(first, (line) => ({ ...line, raw: line.raw?.replace(/[xy]/, '2.25') }));
  return { project, first };
}

/** The error of the only dataset of a replay that published nothing. */
async function refusal(project: ReplayProject, run: string): Promise<Receipt['error']> {
  const receipt = await project.again(run);
  expect(receipt).toMatchObject({ outcome: 'failed', rows: { published: 0 } });
  return receipt.error;
}

describe('a target that is not what the run left', () => {
  it('because the dataset was run again', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const later = await project.load();
    const bytes = project.read('out/t.parquet');
    expect(await refusal(project, first.run)).toMatchObject({
      code: 'ATLAS_REPLAY_TARGET',
      message: expect.stringContaining(`run ${later.run} has published there since`),
    });
    expect(project.read('out/t.parquet').equals(bytes)).toBe(true);
    // the same rows and the same bytes, but rejects of its own
    project.edit(later, (line) => ({ ...line, raw: '9,z,1\n' }));
    expect((await project.again(later.run)).rows.published).toBe(2);
  });

  it('because another dataset publishes there', async () => {
    const { project, first } = await rejected();
    using _ = project;
    project.declare([rejecting('u', { destination: { path: 'out/t.parquet' } })]);
    project.write('u.csv', CSV);
    await project.load();
    expect(await refusal(project, first.run)).toMatchObject({ code: 'ATLAS_REPLAY_TARGET' });
  });

  it('not because another day of the same dataset was published elsewhere', async () => {
    const { project, first } = await rejected();
    using _ = project;
    project.declare([rejecting('t', { destination: { path: 'out/tuesday.parquet' } })]);
    await project.load();
    expect((await project.again(first.run)).rows.published).toBe(2);
    expect(await project.rows('id')).toHaveLength(3);
  });

  it.each([
    [
      'a byte of it was changed',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === 10 ? byte ^ 1 : byte))),
    ],
    [
      'its footer was changed',
      (bytes: Buffer) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 30 ? byte ^ 1 : byte))),
    ],
    ['it was cut', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['it is another file of the same length', (bytes: Buffer) => Buffer.alloc(bytes.length, 'PAR1')],
    ['it is empty', () => Buffer.alloc(0)],
    ['it is gone', () => null],
  ])('because %s', async (_name, change) => {
    const { project, first } = await rejected();
    using _ = project;
    const changed = change(project.read('out/t.parquet'));
    if (changed === null) rmSync(project.path('out/t.parquet'));
    else project.write('out/t.parquet', changed);
    const error = await refusal(project, first.run);
    expect(error?.code).toBe('ATLAS_REPLAY_TARGET');
    expect(project.list('out')).toEqual(changed === null ? [] : ['t.parquet']);
    if (changed) expect(project.read('out/t.parquet').equals(changed)).toBe(true);
  });

  it('but a copy that was put back will do: content has the last word', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const bytes = project.read('out/t.parquet');
    rmSync(project.path('out/t.parquet'));
    project.write('out/t.parquet', bytes);
    expect((await project.again(first.run)).rows.published).toBe(2);
  });
});

describe('a run that published nothing', () => {
  it('left nothing to add to, and is told so', async () => {
    using project = new ReplayProject([rejecting('t', { rest: { max_rejects: 1 } })]);
    project.write('t.csv', CSV);
    const failed = await project.load();
    expect(failed).toMatchObject({ outcome: 'failed', rejects: { path: expect.any(String) } });
    const refused = project.replay(failed.run);
    await expect(refused).rejects.toMatchObject({ code: 'ATLAS_REPLAY_NOTHING' });
    await expect(refused).rejects.toThrow('published nothing of t (ATLAS_REJECTS_LIMIT), so there is nothing to add');
  });

  it('or rejected nothing', async () => {
    using project = new ReplayProject([rejecting('t')]);
    project.write('t.csv', 'id,name,price\n1,a,1\n');
    const { run } = await project.load();
    await expect(project.replay(run)).rejects.toThrow(`run ${run} left no rejects of t`);
    await expect(project.replay('nope')).rejects.toMatchObject({ code: 'ATLAS_RUN_UNKNOWN' });
  });
});

describe('a reject file that somebody spoiled', () => {
  const line = (change: object) => (text: string) => JSON.stringify({ ...JSON.parse(text), ...change });
  it.each<[string, (text: string) => string, RegExp]>([
    ['no JSON', () => '{"file":', /line 2: the line is not a JSON object/],
    ['a list', () => '[]', /line 2: the line is not a JSON object/],
    ['a NUL', (text) => text.replace('plum', 'pl\0um'), /line 2: the line is not a JSON object/],
    ['a line break inside raw', (text) => text.replace('\\n', '\n'), /line 2: the line is not a JSON object/],
    ['a byte order mark in the middle', (text) => `\u{feff}${text}`, /line 2: the line is not a JSON object/],
    ['raw of another type', line({ raw: 7 }), /line 2: raw is a number, text or null is expected/],
    ['raw as a list', line({ raw: ['a'] }), /line 2: raw is a list/],
    ['no file', line({ file: null }), /line 2: file is missing/],
    ['a file that was not read', line({ file: 'other.csv' }), /line 2: the run read no input "other.csv"/],
    ['a prototype for a file', line({ file: '__proto__' }), /line 2: the run read no input "__proto__"/],
    ['line 0', line({ line: 0 }), /line 2: line is a number, a whole number from 1 on/],
    ['line as text', line({ line: '3' }), /line 2: line is text/],
    ['a fraction', line({ offset: 1.5 }), /line 2: offset is a number/],
    ['a negative length', line({ length: -1 }), /line 2: length is a number/],
    ['no offset', line({ offset: undefined }), /line 2: offset is missing/],
    ['truncated as text', line({ truncated: 'no' }), /line 2: truncated is text/],
    ['half a character', (text) => text.replace('plum', '\\ud83d'), /line 2: raw holds half a surrogate pair/],
    ['base64 that is none', line({ raw: null, raw_base64: 'a-_' }), /line 2: raw_base64 is not base64/],
    ['a record that is no number', line({ record: '1.x' }), /line 2: record is not/],
  ])('%s', async (_name, spoil, message) => {
    const { project, first } = await rejected();
    using _ = project;
    const path = first.rejects.path as string;
    const [one, two] = readFileSync(path, 'utf8').split('\n') as [string, string];
    const spoiled = `${one}\n${spoil(two)}\n`;
    writeFileSync(path, spoiled);
    const error = await refusal(project, first.run);
    expect(error).toMatchObject({ code: 'ATLAS_REPLAY_FILE', place: { file: path, line: 2 } });
    expect(error?.message).toMatch(message);
    expect(readFileSync(path, 'utf8')).toBe(spoiled);
    // mended, it can be replayed
    writeFileSync(path, `${one}\n${two}\n`);
    expect((await project.again(first.run)).rows.published).toBe(2);
  });

  it.each([
    ['in order', (lines: string[]) => [lines[0], lines[1], lines[1]]],
    ['out of order', (lines: string[]) => [lines[1], lines[0], lines[1]]],
    ['mended differently', (lines: string[]) => [lines[0], lines[1], lines[1]?.replace('plum', 'prune')]],
    ['with one line less', (lines: string[]) => [lines[0], lines[0]]],
  ])('the same row twice, %s', async (_name, twice) => {
    const { project, first } = await rejected();
    using _ = project;
    const path = first.rejects.path as string;
    const lines = twice(readFileSync(path, 'utf8').trimEnd().split('\n'));
    writeFileSync(path, `${lines.join('\n')}\n`);
    const error = await refusal(project, first.run);
    expect(error).toMatchObject({ code: 'ATLAS_REPLAY_FILE', place: { line: lines.length } });
    expect(error?.message).toMatch(/it is of the same row as line \d, and would be published twice/);
  });

  it('more rows than there were', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const path = first.rejects.path as string;
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text + text.replaceAll(/"offset":(\d+)/g, '"offset":9$1'));
    expect(await refusal(project, first.run)).toMatchObject({
      code: 'ATLAS_REPLAY_FILE',
      message: expect.stringContaining(`holds 4 rows, run ${first.run} rejected 2`),
    });
  });

  it('bytes that are not UTF-8', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const path = first.rejects.path as string;
    writeFileSync(path, Buffer.from(readFileSync(path, 'utf8').replace('plum', 'pl\xffum'), 'latin1'));
    expect((await refusal(project, first.run))?.message).toMatch(/line 2: it is not UTF-8/);
  });

  it('what editors do is no harm: CRLF, a byte order mark, blank lines, sorted lines, no last line end', async () => {
    const { project, first } = await rejected();
    using _ = project;
    const path = first.rejects.path as string;
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `\u{feff}\r\n${lines.toReversed().join('\r\n\r\n')}`);
    expect((await project.again(first.run)).rows).toMatchObject({ published: 2, rejected: 0 });
  });

  it('a line of many megabytes', async () => {
    const { project, first } = await rejected({ source: { max_row_bytes: 65_536 } });
    using _ = project;
    project.edit(first, (each, index) => (index === 1 ? { ...each, raw: 'x'.repeat(9 << 20) } : each));
    expect((await refusal(project, first.run))?.message).toMatch(/line 2: it is longer than \d+ bytes/);
    project.edit(first, () => null);
  });

  it('a row of many records, longer than any window', async () => {
    const { project, first } = await rejected({ source: { max_row_bytes: 1 << 20 } });
    using _ = project;
    const many = Array.from({ length: 250_000 }, (_, n) => `${n},row ${n},1.00\n`).join('');
    project.edit(first, (each, index) => (index === 1 ? { ...each, raw: many } : each));
    expect((await project.again(first.run)).rows).toMatchObject({ published: 250_001, rejected: 0 });
  });

  it.each([
    ['is gone', () => null, /there is no plan of run/],
    ['is cut', (text: string) => text.slice(0, 100), /is not as run .* wrote it/],
    ['was edited', (text: string) => text.replace('"nullable":true', '"nullable":false'), /is not as run .* wrote it/],
  ])('a plan beside it that %s', async (_name, spoil, message) => {
    const { project, first } = await rejected();
    using _ = project;
    const path = `${first.rejects.path}.plan.json`;
    const text = spoil(readFileSync(path, 'utf8'));
    if (text === null) rmSync(path);
    else writeFileSync(path, text);
    const refused = project.replay(first.run);
    await expect(refused).rejects.toMatchObject({ code: 'ATLAS_REPLAY_FILE' });
    await expect(refused).rejects.toThrow(message);
  });

  it('a file that is gone', async () => {
    const { project, first } = await rejected();
    using _ = project;
    rmSync(first.rejects.path as string);
    expect(await refusal(project, first.run)).toMatchObject({ code: 'ATLAS_INPUT_NOT_FOUND' });
  });
});
