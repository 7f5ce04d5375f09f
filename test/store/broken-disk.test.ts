import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';

/** What the disk answers to the calls of a file handle, by name of the call; and which calls it saw. */
const disk = vi.hoisted(() => ({
  answers: new Map<string, (real: (...args: never[]) => unknown, args: never[]) => unknown>(),
  seen: [] as string[],
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open = async (...args: Parameters<typeof real.open>) => {
    const handle = await real.open(...args);
    return new Proxy(handle, {
      get(target, key) {
        const member = Reflect.get(target, key) as unknown;
        if (typeof member !== 'function' || typeof key === 'symbol') return member;
        return (...given: never[]) => {
          disk.seen.push(`${key} ${String(args[0])}`);
          const call = (...these: never[]) => member.apply(target, these) as unknown;
          const answer = disk.answers.get(key);
          return answer === undefined ? call(...given) : answer(call, given);
        };
      },
    });
  };
  return { ...real, open };
});

const through = { signal: new AbortController().signal };
const fails = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const bytes = (length: number) => new Uint8Array(length).fill(7);

describe('a disk that fails', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'atlas-disk-'));
    disk.seen.length = 0;
  });
  afterEach(async () => {
    disk.answers.clear();
    await rm(root, { recursive: true, force: true });
  });

  it('is asked to make a file durable, once for each sync', async () => {
    await using file = await localStore.create(join(root, 'a'), 0o600, through);
    await file.write(bytes(3), through);
    expect(disk.seen.filter((call) => call.startsWith('sync'))).toEqual([]);
    await file.sync(through);
    expect(disk.seen.filter((call) => call.startsWith('sync'))).toEqual([`sync ${join(root, 'a')}`]);
  });

  it('is asked to make a folder durable', async () => {
    await localStore.syncFolder(root, through);
    expect(disk.seen).toEqual([`sync ${root}`, `close ${root}`]);
    await localStore.makeFolders(join(root, 'x', 'y'), through);
    expect(disk.seen.filter((call) => call.startsWith('sync'))).toEqual([
      `sync ${root}`,
      `sync ${root}`,
      `sync ${join(root, 'x')}`,
    ]);
  });

  it('a file whose sync failed is dead: a later sync, were it to succeed, is never asked for', async () => {
    const file = await localStore.create(join(root, 'a'), 0o600, through);
    await file.write(bytes(3), through);
    disk.answers.set('sync', fails('EIO'));
    const first = await file.sync(through).catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'ATLAS_STORE_SYNC', message: `could not sync ${join(root, 'a')}: EIO` });
    disk.answers.clear();
    await expect(file.sync(through)).rejects.toBe(first);
    await expect(file.write(bytes(1), through)).rejects.toBe(first);
    await expect(file.setMode(0o600, through)).rejects.toBe(first);
    await expect(file.look(through)).rejects.toBe(first);
    await expect(file.close()).rejects.toBe(first);
    expect(disk.seen.filter((call) => call.startsWith('sync'))).toHaveLength(1);
  });

  it('a flush that failed while more was being made kills the file at its next step', async () => {
    const file = await localStore.create(join(root, 'a'), 0o600, through);
    disk.answers.set('datasync', fails('EIO'));
    const write = async () => {
      for (let n = 0; n < 3; n++) await file.write(bytes(40 * 1024 * 1024), through);
      await file.sync(through);
    };
    await expect(write()).rejects.toMatchObject({ code: 'ATLAS_STORE_SYNC' });
    disk.answers.clear();
    await expect(file.sync(through)).rejects.toMatchObject({ code: 'ATLAS_STORE_SYNC' });
    await expect(file.close()).rejects.toMatchObject({ code: 'ATLAS_STORE_SYNC' });
  });

  it.each([
    ['ENOSPC', 'ATLAS_STORE_SPACE'],
    ['EDQUOT', 'ATLAS_STORE_SPACE'],
    ['EIO', 'ATLAS_STORE_WRITE'],
    ['EFBIG', 'ATLAS_STORE_WRITE'],
  ])('a write that fails with %s is %s', async (errno, code) => {
    await using file = await localStore.create(join(root, 'a'), 0o600, through);
    disk.answers.set('write', fails(errno));
    const first = await file.write(bytes(3), through).catch((error: unknown) => error);
    expect(first).toMatchObject({ code, place: { file: join(root, 'a') }, cause: { code: errno } });
    disk.answers.clear();
    await expect(file.write(bytes(3), through)).rejects.toBe(first);
  });

  it('a disk that takes a little at a time gets all of it', async () => {
    await using file = await localStore.create(join(root, 'a'), 0o600, through);
    disk.answers.set('write', (real, args) => {
      const [buffer, offset, length, position] = args as unknown as [Uint8Array, number, number, number];
      return real(...([buffer, offset, Math.min(length, 7), position] as never[]));
    });
    const content = Uint8Array.from({ length: 100 }, (_, n) => n);
    await file.write(content, through);
    expect(file.length).toBe(100);
    expect(new Uint8Array(await readFile(join(root, 'a')))).toEqual(content);
  });

  it('a disk that takes nothing is an error, not an endless loop', async () => {
    await using file = await localStore.create(join(root, 'a'), 0o600, through);
    disk.answers.set('write', () => Promise.resolve({ bytesWritten: 0 }));
    await expect(file.write(bytes(3), through)).rejects.toThrow(/wrote 0 of 3 bytes/);
  });

  it('a folder that cannot be made durable is said to be so', async () => {
    disk.answers.set('sync', fails('EIO'));
    await expect(localStore.syncFolder(root, through)).rejects.toMatchObject({ code: 'ATLAS_STORE_SYNC' });
  });

  it('a lock that cannot be written is no lock', async () => {
    disk.answers.set('write', fails('ENOSPC'));
    await expect(localStore.lock(root, 'a', 'run-1', through)).rejects.toMatchObject({ code: 'ATLAS_STORE_SPACE' });
    disk.answers.clear();
    expect(await localStore.list(root, through)).toEqual([]);
  });

  it('a lock that cannot show that it lives is not confirmed', async () => {
    await using lock = await localStore.lock(root, 'a', 'run-1', through);
    disk.answers.set('write', fails('EIO'));
    await expect(lock.confirm(through)).rejects.toMatchObject({ code: 'ATLAS_STORE_WRITE' });
    disk.answers.clear();
    await lock.confirm(through);
  });
});
