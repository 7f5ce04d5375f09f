import { lstat, mkdtemp, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';

const through = { signal: new AbortController().signal };

describe('local disk', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'atlas-store-'));
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
    await using left = await localStore.create(join(root, 'full'), 0o600, through);
    await left.suspend(through);
    await rm(join(root, 'full'));
    await symlink('/dev/full', join(root, 'full'));
    await expect(left.write(new Uint8Array(3), through)).rejects.toThrow('is now other');
    await using closed = await localStore.create(join(root, 'a'), 0o600, through);
    await closed.close();
    const first = await closed.write(new Uint8Array(3), through).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'ATLAS_STORE_WRITE' });
    await expect(closed.sync(through)).rejects.toBe(first);
    await expect(closed.look(through)).rejects.toBe(first);
  });

  it('says an impossible path with its errno', async () => {
    await writeFile(join(root, 'file'), '');
    const path = join(root, 'file', 'a');
    await expect(localStore.create(path, 0o600, through)).rejects.toThrow(`could not create ${path}: ENOTDIR`);
    await expect(localStore.lock(join(root, 'file'), 'a', 'run-1', through)).rejects.toThrow('ENOTDIR');
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
