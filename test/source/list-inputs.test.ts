import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listInputs } from '../../src/source/list-inputs.ts';
import { DataFolder } from './csv/data-folder.ts';

const through = { signal: new AbortController().signal };
let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder[Symbol.dispose]());

async function list(pattern: string, root = folder.path): Promise<string[]> {
  const found = await listInputs(join(folder.path, pattern), root, through);
  return found.map((path) => path.slice(folder.path.length + 1));
}

test('a plain path is itself, whether it is there or not; - is standard input', async () => {
  expect(await list('x.csv')).toEqual(['x.csv']);
  expect(await listInputs('-', '/', through)).toEqual(['-']);
});

test('a glob lists files by their bytes, without hidden ones', async () => {
  for (const name of [
    'b.csv',
    'B.csv',
    'a10.csv',
    'a2.csv',
    'é.csv',
    'z.csv',
    '\u{ff5e}.csv',
    '\u{1f600}.csv',
    '.h.csv',
    'x.txt',
  ]) {
    folder.write(name, '');
  }
  folder.write('.hidden/c.csv', '');
  folder.write('d.csv/inside.txt', '');
  const sorted = ['B.csv', 'a10.csv', 'a2.csv', 'b.csv', 'z.csv', 'é.csv', '\u{ff5e}.csv', '\u{1f600}.csv'];
  expect(await list('*.csv')).toEqual(sorted);
  expect(await list('**/*.csv')).toEqual(sorted);
  expect(await list('!(B).csv')).toEqual(sorted.slice(1));
  expect(await list('.*.csv')).toEqual(['.h.csv']);
  expect(await list('{b,B,b}.csv')).toEqual(['B.csv', 'b.csv']);
});

test('a name that holds glob characters wins over the glob', async () => {
  folder.write('a[1].csv', '');
  folder.write('a1.csv', '');
  expect(await list('a[1].csv')).toEqual(['a[1].csv']);
  expect(await list('a[12].csv')).toEqual(['a1.csv']);
});

test('the root is never read as a pattern', async () => {
  folder.write('we[ird]/data/a.csv', '');
  folder.write('wei/data/b.csv', '');
  expect(await list('we[ird]/data/*.csv', join(folder.path, 'we[ird]'))).toEqual(['we[ird]/data/a.csv']);
});

test('what cannot be read is listed, so that it is told and not left out', async () => {
  folder.write('a.csv', '');
  symlinkSync('a.csv', join(folder.path, 'link.csv'));
  symlinkSync('nowhere', join(folder.path, 'dangling.csv'));
  execFileSync('mkfifo', [join(folder.path, 'pipe.csv')]);
  expect(await list('*.csv')).toEqual(['a.csv', 'dangling.csv', 'link.csv', 'pipe.csv']);
});

test('where nothing matches, it says so', async () => {
  mkdirSync(join(folder.path, 'empty'));
  for (const pattern of ['*.csv', 'empty/*', 'nowhere/*.csv']) {
    await expect(list(pattern)).rejects.toMatchObject({
      code: 'ATLAS_INPUT_NOT_FOUND',
      message: `no file matches ${join(folder.path, pattern)}`,
    });
  }
});
