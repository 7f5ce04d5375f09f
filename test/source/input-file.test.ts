import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileFeed } from '../../src/source/feed/file-feed.ts';
import { confirmInput, InputFile } from '../../src/source/input-file.ts';
import { DataFolder } from './csv/data-folder.ts';

let folder: DataFolder;
beforeEach(() => {
  folder = new DataFolder();
});
afterEach(() => folder[Symbol.dispose]());

const refused = (path: string) => expect(() => InputFile.open(path));

test('only regular files are opened, and nothing is waited for', () => {
  const fifo = join(folder.path, 'fifo');
  execFileSync('mkfifo', [fifo]);
  refused(fifo).toThrow(
    expect.objectContaining({
      code: 'ATLAS_INPUT_UNREADABLE',
      message: `${fifo} is a named pipe, a regular file is needed`,
    }),
  );
  refused(folder.path).toThrow(
    expect.objectContaining({
      code: 'ATLAS_INPUT_UNREADABLE',
      message: `${folder.path} is a folder, a regular file is needed`,
    }),
  );
  refused('/dev/zero').toThrow(
    expect.objectContaining({
      code: 'ATLAS_INPUT_UNREADABLE',
      message: '/dev/zero is a device, a regular file is needed',
    }),
  );
  refused(join(folder.path, 'none')).toThrow(expect.objectContaining({ code: 'ATLAS_INPUT_NOT_FOUND' }));
  symlinkSync('loop', join(folder.path, 'loop'));
  refused(join(folder.path, 'loop')).toThrow(expect.objectContaining({ code: 'ATLAS_INPUT_UNREADABLE' }));
});

test('a file that cannot be reached or read is told, with the reason of the system', () => {
  const path = folder.write('x', 'x');
  const told = (reason: string) => expect.objectContaining({ code: 'ATLAS_INPUT_UNREADABLE', message: reason });
  refused(join(path, 'below')).toThrow(told(`${path}/below could not be read: ENOTDIR`));
  chmodSync(path, 0);
  // Nothing is forbidden to root.
  if (process.getuid?.() !== 0) refused(path).toThrow(told(`${path} could not be read: EACCES`));
});

test.each([
  ['grew', (path: string) => appendFileSync(path, 'y')],
  ['shrank', (path: string) => truncateSync(path, 1)],
  ['was written again', (path: string) => utimesSync(path, 1, 1)],
  ['is another', (path: string) => renameSync(folder.write('other', 'abc'), path)],
  ['is gone', (path: string) => rmSync(path)],
])('a file that %s since the survey is noticed', (_, change) => {
  const path = folder.write('x', 'abc');
  const { identity } = InputFile.open(path);
  confirmInput(path, identity);
  InputFile.open(path, identity)[Symbol.dispose]();
  change(path);
  const changed = expect.objectContaining({ code: 'ATLAS_INPUT_CHANGED' });
  expect(() => confirmInput(path, identity)).toThrow(changed);
  expect(() => InputFile.open(path, identity)).toThrow(changed);
});

test('a file that is cut while it is read is noticed', async () => {
  const path = folder.write('x', 'abcdef');
  await using feed = new FileFeed(InputFile.open(path), 2);
  expect(feed.fill(new Uint8Array(2))).toBe(2);
  truncateSync(path, 5);
  expect(() => feed.fill(new Uint8Array(2))).toThrow(expect.objectContaining({ code: 'ATLAS_INPUT_CHANGED' }));
});
