import { chmod, lstat, mkdtemp, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';
import { describeStore } from '../conformance/store.ts';

const through = { signal: new AbortController().signal };

async function bed() {
  const root = await mkdtemp(join(tmpdir(), 'atlas-store-'));
  return { store: localStore, root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

describeStore('local', bed);

describe('local disk', () => {
  let root: string;
  beforeEach(async () => {
    ({ root } = await bed());
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('follows links, also those that point at nothing yet', async () => {
    await localStore.makeFolders(join(root, 'real', 'deep'), through);
    await symlink('real', join(root, 'folder'));
    await symlink('deep/new.parquet', join(root, 'real', 'file'));
    await symlink(join(root, 'folder', 'file'), join(root, 'twice'));
    expect(await localStore.resolve(join(root, 'twice'), through)).toBe(join(root, 'real', 'deep', 'new.parquet'));
    expect(await localStore.resolve(join(root, 'folder', 'no', 'where'), through)).toBe(
      join(root, 'real', 'no', 'where'),
    );
    expect(await readlink(join(root, 'twice'))).toBe(join(root, 'folder', 'file'));
    await symlink('loop', join(root, 'loop'));
    await expect(localStore.resolve(join(root, 'loop'), through)).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
  });

  it('sees a link itself, not what it points to', async () => {
    await writeFile(join(root, 'a'), 'x');
    await symlink('a', join(root, 'b'));
    expect(await localStore.look(join(root, 'b'), through)).toMatchObject({ kind: 'link' });
  });

  it('never gives more rights than asked for', async () => {
    await using file = await localStore.create(join(root, 'a'), 0o600, through);
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  });

  it('a file is dead after its first failed step', async () => {
    const file = await localStore.create('/dev/full', 0o600, through).catch((error: unknown) => error);
    expect(file).toMatchObject({ code: 'ATLAS_STORE_WRITE' }); // it exists
    const full = await localStore.reopen(join(root, 'none'), 0, through).catch((error: unknown) => error);
    expect(full).toMatchObject({ code: 'ATLAS_STORE_WRITE', message: expect.stringContaining('ENOENT') });
  });

  it.runIf(process.getuid?.() !== 0)('says a refused permission with its path', async () => {
    await chmod(root, 0o500);
    const path = join(root, 'a');
    await expect(localStore.create(path, 0o600, through)).rejects.toThrow(`could not create ${path}: EACCES`);
    await chmod(root, 0o700);
  });

  it('a lock names its run, host and process, for people', async () => {
    await using _lock = await localStore.lock(root, 'a.parquet', 'run-1', through);
    const { size } = await lstat(join(root, '.a.parquet.atlas-lock'));
    expect(size).toBeGreaterThan(50);
    await expect(localStore.lock(root, 'a.parquet', 'run-2', through)).rejects.toThrow(
      new RegExp(`held by run run-1 \\(process ${process.pid} on .+\\)`),
    );
  });
});
