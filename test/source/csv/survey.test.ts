import { execFileSync } from 'node:child_process';
import { appendFileSync, linkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AtlasError } from '../../../src/errors.ts';
import { openCsvSource } from '../../../src/source/csv/csv-source.ts';
import { readSource, sumOf } from '../../conformance/source/read-source.ts';
import { DataFolder } from './data-folder.ts';
import { planOf, type SourceInput } from './plan-of.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder[Symbol.dispose]());

const AB = ['a int32', 'b string'];
const signal = new AbortController().signal;

function open(input: Partial<SourceInput> & { path: string }) {
  const path = input.path === '-' ? '-' : join(folder.path, input.path);
  return openCsvSource(planOf({ features: AB, ...input, path }, folder.path), {
    reserve: 0,
    loadedAt: 0n,
    debug: true,
  });
}

async function read(input: Partial<SourceInput> & { path: string }) {
  await using source = await open(input);
  return await readSource(source);
}

async function refusal(input: Partial<SourceInput> & { path: string }): Promise<AtlasError> {
  const error = await read(input).catch((reason: unknown) => reason);
  if (!(error instanceof AtlasError)) throw new Error(`no AtlasError, but ${String(error)}`);
  return error;
}

test('files of one glob may order columns differently, and have a width of their own', async () => {
  folder.write('1.csv', 'a,b\n1,x\n');
  folder.write('2.csv', 'b,c,a\ny,-,2\nz,3\n');
  folder.write('3.csv', 'a;b\n'.replace(';', ',').concat('3,w'));
  const { rows, rejects, survey, spans, groups } = await read({ path: '*.csv' });
  expect(rows).toEqual([
    [1, 'x'],
    [2, 'y'],
    [3, 'w'],
  ]);
  expect(rejects).toMatchObject([
    { file: '2.csv', line: 2, offset: 12, code: 'ATLAS_CSV_TOO_FEW_FIELDS', reason: '2 fields, 3 expected' },
  ]);
  expect(survey.ignored).toEqual(['c']);
  expect(survey.notes).toEqual(['columns that no feature takes: c', '3 files order their columns in 2 ways']);
  expect(survey.tasks.length).toBe(1);
  expect(groups).toEqual([3]);
  expect(sumOf(spans)).toBe(8 + 16 + 7);
});

test('small files share a task up to its size; the rest of a large file, and a compressed one, stand alone', async () => {
  const line = '7,seven\n';
  folder.write('1.csv', `a,b\n${line.repeat(2)}`);
  folder.write('2.csv', `a,b\n${line.repeat(3)}`);
  folder.write('3.csv', `a,b\n${line.repeat(20)}`);
  folder.write('4.csv', `a,b\n${line}`);
  folder.write('5.csv', gzipSync(`a,b\n${line.repeat(20)}`));
  folder.write('6.csv', `a,b\n${line}`);
  folder.write('7.csv', '');
  folder.write('8.csv', `a,b\n${line}`);
  const { survey, rows, tallies, groups } = await read({ path: '*.csv', slice_bytes: 64 });
  expect(survey.tasks.map(({ slice, follows, bytes }) => [slice, follows, bytes]).map(([slice]) => slice)).toEqual([
    { first: 0, last: 1, from: 0, to: null },
    { first: 2, last: 2, from: 0, to: 64 },
    { first: 2, last: 2, from: 64, to: 128 },
    { first: 2, last: 2, from: 128, to: null },
    { first: 3, last: 3, from: 0, to: null },
    { first: 4, last: 4, from: 0, to: null },
    { first: 5, last: 7, from: 0, to: null },
  ]);
  expect(rows.length).toBe(48);
  expect(tallies.map(({ begin, end }) => [begin, end])).toEqual([
    [0, 48],
    [0, 68],
    [68, 132],
    [132, 164],
    [0, 12],
    [0, 164],
    [0, 24],
  ]);
  expect(groups).toEqual([5, 8, 8, 4, 1, 8, 8, 4, 2]);
});

test('lines are those of the file, wherever a task begins', async () => {
  const features = [
    'a int32',
    { name: 'line', type: 'int32', value: '@line' },
    { name: 'file', type: 'string', value: '@file' },
  ];
  const body = Array.from({ length: 30 }, (_, i) =>
    i % 5 === 4 ? `${i},"two\nlines"` : i % 7 === 6 ? 'x,y' : `${i},y`,
  );
  folder.write('in/1.csv', `a,b\n${body.join('\n')}\n`);
  folder.write('in/2.csv', `a,b\n${body.slice(0, 3).join('\n')}\n`);
  for (const slice of [1 << 20, 40, 13]) {
    const { rows, rejects } = await read({ path: 'in/*.csv', features, slice_bytes: slice });
    const text = ['', `a,b\n${body.join('\n')}\n`, `a,b\n${body.slice(0, 3).join('\n')}\n`];
    for (const [a, line, file] of rows) {
      const physical = text[Number(String(file)[3])]?.split('\n')[Number(line) - 1];
      expect(physical?.startsWith(`${a},`), `${slice}: ${file}:${line}`).toBe(true);
    }
    const bad = text.flatMap((file, index) =>
      file.split('\n').flatMap((line, at) => (line.startsWith('x,') ? [`in/${index}.csv:${at + 1}`] : [])),
    );
    expect(bad.length).toBe(4);
    expect(rejects.map(({ line, file }) => `${file}:${line + 1}`)).toEqual(bad);
  }
});

test('the problems of all files are told at once', async () => {
  folder.write('1.csv', 'a,b\n1,x\n');
  folder.write('2.csv', 'A,b\n1,x\n');
  folder.write('3.csv', 'a,b,b\n1,x\n');
  folder.write('4.csv', 'a,"b\n');
  execFileSync('mkfifo', [join(folder.path, '5.csv')]);
  symlinkSync('nowhere', join(folder.path, '6.csv'));
  folder.write('7.csv', gzipSync('a,b\n').subarray(0, 20));
  const error = await refusal({ path: '*.csv' });
  expect(error.code).toBe('ATLAS_CSV_HEADER_MISSING');
  expect(error.message).toMatch(
    /^6 of 7 files cannot be read: .*2\.csv: there is no column "a"; the nearest is "A"; there are "A", "b"$/,
  );
  expect(error.problems.map(({ code, place }) => [code, place.file?.slice(-5)])).toEqual([
    ['ATLAS_CSV_HEADER_MISSING', '2.csv'],
    ['ATLAS_CSV_HEADER_DUPLICATE', '3.csv'],
    ['ATLAS_CSV_HEADER_INVALID', '4.csv'],
    ['ATLAS_INPUT_UNREADABLE', '5.csv'],
    ['ATLAS_INPUT_NOT_FOUND', '6.csv'],
    ['ATLAS_INPUT_COMPRESSION', '7.csv'],
  ]);
});

test('all features of a file that miss their column are told, and what there is, within bounds', async () => {
  const names = Array.from({ length: 500 }, (_, i) => `column ${i}`);
  folder.write('1.csv', `${names.join(',')}\n`);
  const error = await refusal({ path: '1.csv', features: ['COLUMN_7', 'nothing_like_it'] });
  expect(error.message).toContain('"COLUMN_7"; the nearest is "column 7"; there are "column 0", ');
  expect(error.message).toContain(' and 480 more');
  expect(error.problems.length).toBe(2);
});

test('one file under two names is read once', async () => {
  const path = folder.write('a.csv', 'a,b\n1,x\n');
  linkSync(path, join(folder.path, 'b.csv'));
  symlinkSync('a.csv', join(folder.path, 'c.csv'));
  symlinkSync('.', join(folder.path, 'again'));
  const { rows, survey } = await read({ path: '**/*.csv' });
  expect(rows).toEqual([[1, 'x']]);
  expect(survey.inputs.length).toBe(1);
  expect(survey.notes[0]).toMatch(/is the same file as .*a\.csv, and is read once/);
});

test('a survey is empty only where no file has a record', async () => {
  folder.write('1.csv', '');
  folder.write('2.csv', 'a,b\n');
  folder.write('3.csv', gzipSync('a,b\n\n'));
  const { survey, rows, spans } = await read({ path: '*.csv' });
  expect(survey.empty).toBe(true);
  expect(survey.notes).toEqual(['without a record: 1.csv, 2.csv, 3.csv']);
  expect(rows).toEqual([]);
  expect(spans).toEqual({ header: 8, skipped: 0, blank: 1, comment: 0, row: 0, reject: 0 });
  folder.write('4.csv', 'a,b\n1,x');
  expect((await read({ path: '*.csv' })).survey).toMatchObject({
    empty: false,
    notes: ['without a record: 1.csv, 2.csv, 3.csv'],
  });
});

test('a file that changes between survey and reading, or afterwards, is noticed', async () => {
  const path = folder.write('1.csv', 'a,b\n1,x\n');
  await using source = await open({ path: '1.csv' });
  const survey = await source.survey({ signal });
  await source.confirm(survey.inputs, { signal });
  appendFileSync(path, '2,y\n');
  await expect(source.confirm(survey.inputs, { signal })).rejects.toMatchObject({ code: 'ATLAS_INPUT_CHANGED' });
  await using reader = await source.read(survey.tasks[0]!, survey.state, { rejectLimit: 1, signal });
  await expect(reader.next({ signal })).rejects.toMatchObject({ code: 'ATLAS_INPUT_CHANGED' });
});

test('compression may be said, and is then demanded', async () => {
  folder.write('plain.csv', 'a,b\n1,x\n');
  folder.write('zipped', gzipSync('a,b\n1,x\n'));
  expect((await read({ path: 'zipped', compression: 'gzip' })).rows).toEqual([[1, 'x']]);
  expect((await refusal({ path: 'plain.csv', compression: 'gzip' })).code).toBe('ATLAS_INPUT_COMPRESSION');
  expect((await refusal({ path: 'plain.csv', compression: 'zstd' })).code).toBe('ATLAS_INPUT_COMPRESSION');
  expect((await refusal({ path: 'zipped', compression: 'none' })).code).toBe('ATLAS_CSV_ENCODING');
});

test('damage beyond the header is noticed by the reader', async () => {
  const rows = Array.from({ length: 200_000 }, (_, i) => `${i},row ${i * 7919}\n`).join('');
  const zipped = gzipSync(`a,b\n${rows}`);
  folder.write('1.csv.gz', zipped.subarray(0, zipped.length - 10));
  await using source = await open({ path: '1.csv.gz' });
  await source.survey({ signal });
  await expect(readSource(source)).rejects.toMatchObject({ code: 'ATLAS_INPUT_COMPRESSION' });
});

test('standard input is read once, where it was surveyed; an abort ends the wait for it', async () => {
  const never = new Readable({ read() {} });
  never.push('a,b\n1,x\n');
  const controller = new AbortController();
  const plan = planOf({ path: '-', features: AB });
  await using source = await openCsvSource(plan, { reserve: 0, loadedAt: 0n, stdin: never });
  const waiting = source.survey({ signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(never.destroyed).toBe(true);

  const stdin = Readable.from(['a,b\n1', ',x\n2,y'], { objectMode: false });
  await using other = await openCsvSource(plan, { reserve: 0, loadedAt: 0n, stdin });
  const { rows, survey } = await readSource(other);
  expect(rows).toEqual([
    [1, 'x'],
    [2, 'y'],
  ]);
  expect(survey.inputs).toEqual([{ path: '-', bytes: null, identity: null }]);
  await using again = await other.read(survey.tasks[0]!, survey.state, { rejectLimit: 1, signal });
  await expect(again.next({ signal })).rejects.toMatchObject({ code: 'ATLAS_INTERNAL' });
});

test('an input that cannot be read on standard input is told', async () => {
  const broken = new Readable({
    read() {
      this.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }));
    },
  });
  await using source = await openCsvSource(planOf({ path: '-', features: AB }), {
    reserve: 0,
    loadedAt: 0n,
    stdin: broken,
  });
  await expect(source.survey({ signal })).rejects.toMatchObject({ code: 'ATLAS_INPUT_UNREADABLE' });
});

test('progress counts stored bytes, and never more than there are', async () => {
  const text = `a,b\n${'1,some text\n'.repeat(400)}`;
  folder.write('1.csv', text);
  folder.write('2.csv', gzipSync(text));
  await using source = await open({ path: '*.csv', slice_bytes: 1000 });
  const survey = await source.survey({ signal });
  let total = 0;
  let end = 0;
  for (const task of survey.tasks) {
    await using reader = await source.read({ ...task, begin: task.follows ? end : 0 }, survey.state, {
      rejectLimit: 1,
      signal,
    });
    let last = 0;
    for (let delivery = await reader.next({ signal }); delivery; delivery = await reader.next({ signal })) {
      expect(reader.bytesRead).toBeGreaterThanOrEqual(last);
      last = reader.bytesRead ?? 0;
      delivery.batch.release();
    }
    total += reader.bytesRead ?? 0;
    end = reader.tally().end;
  }
  expect(total).toBe(survey.inputs.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0));
});

test('tells how many bytes the spans must tile, where that is known before they are read', async () => {
  folder.write('1.csv', 'a,b\n1,x\n');
  folder.write('2.csv', '');
  folder.write('3.csv', 'a,b\n\n2,"y\nz"\n3\n');
  const plain = await read({ path: '*.csv', slice_bytes: 64 });
  expect(plain.survey.contentBytes).toBe(8 + 15);
  expect(sumOf(plain.spans)).toBe(plain.survey.contentBytes);
  folder.write('4.csv', gzipSync('a,b\n4,v\n'));
  expect((await read({ path: '*.csv' })).survey.contentBytes).toBeNull();
});
