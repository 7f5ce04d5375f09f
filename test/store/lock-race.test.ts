import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';
import { newOwner, parseOwner } from '../../src/store/lock-owner.ts';

const through = { signal: new AbortController().signal };

/** What happens right before a file is opened for reading. */
const before = vi.hoisted(() => ({ opening: async (_path: string): Promise<void> => {} }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = async (path, flags, mode) => {
    if (flags === 'r') await before.opening(String(path));
    return real.open(path, flags, mode);
  };
  return { ...real, open };
});

describe('a lock that is taken over while its owner looks', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'atlas-race-'));
  });
  afterEach(async () => {
    before.opening = async () => {};
    await rm(root, { recursive: true, force: true });
  });

  it('between lock and successor is lost: the successor has become the lock', async () => {
    const lock = await localStore.lock(root, 'a', 'slow', through);
    const path = join(root, '.a.atlas-lock');
    const claim = parseOwner(await readFile(path, 'utf8'))?.claim;
    const successor = join(root, `.a.${claim}.atlas-lock`);
    await writeFile(successor, JSON.stringify({ ...newOwner('quick'), claim: 'bbbb0000-1-1-1' }));
    let taken = 0;
    before.opening = async (opened) => {
      if (opened !== successor || taken > 0) return;
      taken += 1;
      await rename(successor, path);
    };
    await expect(lock.confirm(through)).rejects.toMatchObject({
      code: 'ATLAS_LOCK_LOST',
      message: expect.stringContaining('is now held by run quick'),
    });
    expect(taken).toBe(1);
    await lock[Symbol.asyncDispose]();
  });
});
