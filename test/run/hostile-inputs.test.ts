import { execFileSync } from 'node:child_process';
import { appendFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readTree } from '../house/tree.ts';
import { datasetOf, Project } from './project.ts';

const FEATURES = { n: 'int32', text: 'string' };

/** A project whose dataset reads `path`. */
const reading = (path: string, source: object = {}) =>
  new Project([datasetOf('t', FEATURES, { source: { path, ...source } })]);

describe('inputs that are no files', () => {
  it.each([
    ['a folder', (project: Project) => project.write('in.csv/inside', ''), 'is a folder'],
    ['a named pipe', (project: Project) => execFileSync('mkfifo', [project.path('in.csv')]), 'is a named pipe'],
    ['a device that never ends', (project: Project) => symlinkSync('/dev/zero', project.path('in.csv')), 'is a device'],
    ['an empty device', (project: Project) => symlinkSync('/dev/null', project.path('in.csv')), 'is a device'],
    ['a link to itself', (project: Project) => symlinkSync('in.csv', project.path('in.csv')), 'ELOOP'],
    ['a file below a file', (project: Project) => project.write('in.csv', ''), 'ENOTDIR', 'in.csv/below.csv'],
    ['a name that no file system takes', () => undefined, 'ENAMETOOLONG', `${'x'.repeat(300)}.csv`],
  ])('%s fails with its name, at once', async (_, make, says, path = 'in.csv') => {
    using project = reading(path);
    make(project);
    const { outcome, error } = await project.load();
    expect(outcome).toBe('failed');
    expect(error?.code).toBe('ATLAS_INPUT_UNREADABLE');
    expect(error?.message).toContain(says);
    expect(project.list('out')).toEqual([]);
  });

  it('a socket fails too', async () => {
    using project = reading('in.csv');
    const server = createServer().listen(project.path('in.csv'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const { error } = await project.load();
      expect(error?.code).toBe('ATLAS_INPUT_UNREADABLE');
      expect(error?.message).toContain('is a socket');
    } finally {
      server.close();
    }
  });

  it('a link that leads nowhere is a file that is not there', async () => {
    using project = reading('in.csv');
    symlinkSync('nowhere', project.path('in.csv'));
    expect((await project.load()).error?.code).toBe('ATLAS_INPUT_NOT_FOUND');
  });

  it('among good files of a glob, the bad ones fail the dataset, each by name', async () => {
    using project = reading('in/*.csv');
    project.write('in/a.csv', 'n,text\n1,x\n');
    project.write('in/b.csv/inside', '');
    symlinkSync('/dev/zero', project.path('in/c.csv'));
    symlinkSync('nowhere', project.path('in/d.csv'));
    const { outcome, error } = await project.load();
    expect(outcome).toBe('failed');
    expect(JSON.stringify(error)).toContain('c.csv is a device');
    expect(error?.message).toContain('2 of 3 files');
    expect(project.list('out')).toEqual([]);
  });
});

describe('paths', () => {
  it('with .. and links lead where they lead, and rejects name the file as it was asked for', async () => {
    using project = reading('in/../data/./in.csv');
    project.write('in/keep', '');
    project.write('real.csv', 'n,text\n1,x\n');
    project.write('data/keep', '');
    symlinkSync('../real.csv', project.path('data/in.csv'));
    const receipt = await project.load();
    expect(receipt.error).toBeNull();
    expect(receipt.rows.published).toBe(1);
  });

  it('may hold blanks, quotes, letters of any script, and what a shell would run', async () => {
    for (const name of ['a b.csv', "it's.csv", '数量.csv', '$(x);`y`.csv', '-rf.csv', '%00.csv', 'a"b.csv']) {
      using project = reading(name);
      project.write(name, 'n,text\n1,x\nbad,y\n');
      const { error } = await project.load();
      expect(error?.place?.file).toBe(name);
    }
  });

  it('of one file under two names are read once', async () => {
    using project = reading('in/*.csv');
    project.write('in/a.csv', 'n,text\n1,x\n');
    symlinkSync('a.csv', project.path('in/b.csv'));
    const receipt = await project.load();
    expect(receipt.rows.read).toBe(1);
  });
});

describe('a file that changes while it is read', () => {
  const rows = 60_000;
  const content = `n,text\n${Array.from({ length: rows }, (_, at) => `${at},some text of row ${at}`).join('\n')}\n`;

  const changes: readonly (readonly [string, (path: string) => void])[] = [
    ['grows', (path) => appendFileSync(path, '1,x\n')],
    ['shrinks', (path) => truncateSync(path, 1000)],
    ['is emptied', (path) => truncateSync(path, 0)],
    ['vanishes', (path) => rmSync(path)],
    [
      'is replaced by another',
      (path) => {
        writeFileSync(`${path}.new`, content.replaceAll('text', 'word'));
        renameSync(`${path}.new`, path);
      },
    ],
    [
      'is replaced by a folder',
      (path) => {
        rmSync(path);
        execFileSync('mkdir', [path]);
      },
    ],
    [
      'is replaced by a named pipe',
      (path) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ],
    ['is written over in place', (path) => writeFileSync(path, content.replaceAll('text', 'TEXT'))],
  ];

  it.each(changes)('%s: nothing is published, and it says so', async (_, change) => {
    for (const workers of [1, 2]) {
      using project = reading('in.csv', { slice_bytes: 65_536 });
      project.write('in.csv', content);
      let changed = false;
      const receipt = await project.load({
        workers,
        onEvent: (event) => {
          // The survey is over, and some batches were read.
          if (changed || event.type !== 'progress') return;
          changed = true;
          change(project.path('in.csv'));
        },
      });
      expect(changed).toBe(true);
      expect(receipt.outcome).toBe('failed');
      expect(['ATLAS_INPUT_CHANGED', 'ATLAS_INPUT_UNREADABLE']).toContain(receipt.error?.code);
      expect(project.list('out')).toEqual([]);
    }
  });
});

it('nothing under src writes CSV for people, which could run a formula', () => {
  const writers = [...readTree()].filter(
    ([path, text]) => path.startsWith('src/') && /(createWriteStream|writeFile)[^\n]*\.csv/.test(text),
  );
  expect(writers.map(([path]) => path)).toEqual([]);
});
