import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localStore } from '../../src/store/local-store.ts';
import { isDead, type LockOwner, newOwner } from '../../src/store/lock-owner.ts';

const through = { signal: new AbortController().signal };
const NOBODY = 4_194_305; // above the highest process number of Linux

describe('whether an owner is dead', () => {
  const me = newOwner('run');
  const with_ = (changes: Partial<LockOwner>): LockOwner => ({ ...me, ...changes });
  it.each([
    ['this process', {}, true, false],
    ['a process number that nobody has', { pid: NOBODY }, true, true],
    ['our number, but another start: the number was given again', { start: '1' }, true, true],
    ['another boot, on a disk that only we can reach', { boot: 'other' }, true, true],
    ['another boot, on a disk that others may reach', { boot: 'other' }, false, false],
    ['another container, with numbers of its own', { space: 'pid:[1]', pid: NOBODY }, true, false],
    ['a machine that told nothing of itself', { boot: null, space: null, host: 'other', pid: NOBODY }, true, false],
  ] as const)('%s', (_name, changes, own, dead) => {
    expect(isDead(with_(changes), own)).toBe(dead);
  });

  it('a killed process that nobody has waited for is dead', async () => {
    // A shell that never waits for its child: the child stays a zombie.
    const shell = spawn('sh', ['-c', 'sh -c "echo \\$\\$; kill -9 \\$\\$" & exec sleep 5'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(await new Promise((done) => shell.stdout.once('data', (chunk) => done(String(chunk)))));
    const until = Date.now() + 5000;
    let dead = false;
    while (!dead && Date.now() < until) {
      dead = isDead(with_({ pid, start: null }), true);
      await new Promise((done) => setTimeout(done, 10));
    }
    expect(dead).toBe(true);
    shell.kill('SIGKILL');
  });
});

describe('a lock that was left behind', () => {
  let root: string;
  let lockFile: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'atlas-takeover-'));
    lockFile = join(root, '.a.atlas-lock');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const leave = (changes: Partial<LockOwner>) =>
    writeFile(lockFile, `${JSON.stringify({ ...newOwner('old'), ...changes })}\n`);
  const age = async (seconds: number) => {
    const then = Date.now() / 1000 - seconds;
    await utimes(lockFile, then, then);
  };
  const take = async () => {
    await using lock = await localStore.lock(root, 'a', 'new', through);
    await lock.confirm(through);
    return readFile(lockFile, 'utf8');
  };

  it('of a dead process is taken over at once', async () => {
    await leave({ pid: NOBODY });
    expect(JSON.parse(await take())).toMatchObject({ run: 'new', pid: process.pid });
    expect(await readdir(root)).toEqual([]);
  });

  it('of another host is taken over when its lease is over, not before', async () => {
    await leave({ boot: null, space: null, host: 'other', run: 'far' });
    await age(25);
    await expect(take()).rejects.toMatchObject({
      code: 'ATLAS_TARGET_LOCKED',
      message: expect.stringContaining('run far'),
    });
    await age(31);
    expect(JSON.parse(await take())).toMatchObject({ run: 'new' });
    expect(await readdir(root)).toEqual([]);
  });

  it('whose content is torn is taken over when its lease is over, not before', async () => {
    await writeFile(lockFile, '{"claim":"');
    await expect(take()).rejects.toThrow(/held by an unknown run/);
    await age(31);
    expect(JSON.parse(await take())).toMatchObject({ run: 'new' });
  });

  it('with a takeover that died half way is taken over all the same, and its remains go', async () => {
    const first = { ...newOwner('first'), pid: NOBODY, claim: 'aaaa0000-4194305-1-000000000001' };
    const second = { ...first, run: 'second', claim: 'aaaa0000-4194305-1-000000000002' };
    await writeFile(lockFile, JSON.stringify(first));
    const successor = join(root, `.a.${first.claim}.atlas-lock`);
    await writeFile(successor, JSON.stringify(second));
    await writeFile(join(root, `.a.${second.claim}.atlas-claim`), JSON.stringify(second));
    for (const path of [lockFile, successor, join(root, `.a.${second.claim}.atlas-claim`)]) {
      const then = Date.now() / 1000 - 31;
      await utimes(path, then, then);
    }
    expect(JSON.parse(await take())).toMatchObject({ run: 'new' });
    expect(await readdir(root)).toEqual([]);
  });

  it('is noticed by the one who lost it, and left to the one who has it', async () => {
    const lost = await localStore.lock(root, 'a', 'slow', through);
    const before = await readFile(lockFile, 'utf8');
    await writeFile(`${lockFile}.new`, JSON.stringify({ ...newOwner('quick'), claim: 'bbbb0000-1-1-1' }));
    await rm(lockFile);
    await (await import('node:fs/promises')).rename(`${lockFile}.new`, lockFile);
    await expect(lost.confirm(through)).rejects.toMatchObject({
      code: 'ATLAS_LOCK_LOST',
      message: expect.stringMatching(/was held by run slow and is now held by run quick/),
    });
    await lost[Symbol.asyncDispose]();
    expect(await readFile(lockFile, 'utf8')).not.toBe(before);
    expect(await readdir(root)).toEqual(['.a.atlas-lock']);
  });

  it('that is gone altogether is lost too', async () => {
    const lost = await localStore.lock(root, 'a', 'slow', through);
    await rm(lockFile);
    await expect(lost.confirm(through)).rejects.toMatchObject({ code: 'ATLAS_LOCK_LOST' });
    await lost[Symbol.asyncDispose]();
  });
});
