import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStores, type Stores } from '../../../src/registry.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Fault, FaultKind } from '../../services/fault-proxy/fault.ts';
import { FaultProxy } from '../../services/fault-proxy/fault-proxy.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';

const through = { signal: new AbortController().signal };
const bytes = (text: string) => new TextEncoder().encode(text);

describeWithHadoop('the store behind faults', (hadoop) => {
  const root = `hdfs://lake/faults/${randomBytes(6).toString('hex')}`;
  const at = (name: string) => `${root}/${name}`;
  let proxy: FaultProxy;
  let stores: Stores;
  let store: Store;
  beforeAll(async () => {
    proxy = await FaultProxy.start(hadoop().url);
    const server = { url: `${proxy.url}/webhdfs/v1` };
    const patience = { attempts: 3, timeouts: { idle_ms: 5000, call_ms: 5000, wait_ms: 10 } };
    stores = openStores({ lake: hdfsConnection(server, patience) });
    store = await stores.of(root);
    await store.makeFolders(root, through);
  });
  afterAll(async () => {
    proxy.arm([]);
    await store.remove(root, through);
    await stores[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  const arm = (step: string, kind: FaultKind, more: Partial<Fault> = {}) =>
    proxy.arm([{ step, kind, at: 0, times: 1, ...more }]);
  const count = (step: string) => proxy.seen.filter((each) => each.step === step).length;
  const make = async (name: string, text: string) => {
    proxy.arm([]);
    await using file = await store.create(at(name), 0o644, through);
    await file.write(bytes(text), through);
    await file.sync(through);
    await file.close();
  };
  const textOf = async (name: string) => {
    await using reader = await store.open(at(name), through);
    return new TextDecoder().decode(await reader.read(0, reader.length));
  };

  it('a rename whose answer is lost is looked for, and not asked for again', async () => {
    for (const kind of ['drop-answer', 'reset-answer', 'error-500', 'nonsense', 'false-though-done'] as const) {
      await make('draft', `new, ${kind}`);
      arm('RENAME over', kind, { times: 1000 });
      await store.rename(at('draft'), at('target'), through);
      expect(count('RENAME over')).toBe(1);
      expect(await textOf('target')).toBe(`new, ${kind}`);
    }
  });

  it('a rename that never arrived is uncertain: it is not repeated, and nothing is deleted', async () => {
    await make('one', 'old');
    await make('two', 'new');
    arm('RENAME over', 'reset-request');
    await expect(store.rename(at('two'), at('one'), through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNCERTAIN' });
    expect([count('RENAME over'), count('DELETE')]).toEqual([1, 0]);
    proxy.arm([]);
    expect([await textOf('one'), await textOf('two')]).toEqual(['old', 'new']);
  });

  it('a rename that arrives when its client has given up is one rename', async () => {
    await make('slow', 'late');
    arm('RENAME over', 'late');
    await store.rename(at('slow'), at('there'), through).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'ATLAS_HDFS_UNCERTAIN' });
    });
    await proxy.settled();
    expect(count('RENAME over')).toBe(1);
    expect(await textOf('there')).toBe('late');
  });

  it('an AccessControlException ends a call at its first request', async () => {
    arm('GETFILESTATUS', 'denied', { times: 1000 });
    await expect(store.look(at('x'), through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_DENIED' });
    expect(proxy.seen).toHaveLength(1);
    arm('MKDIRS', 'denied', { times: 1000 });
    await expect(store.makeFolders(at('new'), through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_DENIED' });
    expect(count('MKDIRS')).toBe(1);
    await make('mine', 'x');
    arm('RENAME over', 'denied', { times: 1000 });
    await expect(store.rename(at('mine'), at('yours'), through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_DENIED' });
    expect(count('RENAME over')).toBe(1);
  });

  it.each(['standby', 'retriable', 'safe-mode', 'wrapped-safe-mode'] as const)(
    '%s is waited out, for so many attempts and no more, and nothing is done meanwhile',
    async (kind) => {
      arm('MKDIRS', kind, { times: 2 });
      expect(await store.makeFolders(at(kind), through)).toEqual([at(kind)]);
      expect(count('MKDIRS')).toBe(3);
      arm('MKDIRS', kind, { times: 1000 });
      const failed = store.makeFolders(at(`${kind}-2`), through);
      await expect(failed).rejects.toMatchObject({ code: 'ATLAS_HDFS_UNAVAILABLE' });
      expect(count('MKDIRS')).toBe(3);
      proxy.arm([]);
      expect(await store.look(at(`${kind}-2`), through)).toEqual({ kind: 'absent' });
    },
  );

  it('a DELETE whose answer is lost is looked for, and not sent again', async () => {
    for (const kind of ['drop-answer', 'error-503', 'truncated', 'false-though-done'] as const) {
      await make('gone', 'x');
      arm('DELETE', kind, { times: 1000 });
      await store.remove(at('gone'), through);
      expect(count('DELETE')).toBe(1);
    }
  });

  it('no byte goes to a host that no rule allows, at any step that is redirected', async () => {
    await make('here', 'bytes');
    const refused = { code: 'ATLAS_HDFS_REDIRECT', message: expect.stringContaining('127.0.0.2') };
    arm('CREATE 1', 'foreign-redirect', { times: 1000 });
    await expect(store.create(at('elsewhere'), 0o644, through)).rejects.toMatchObject(refused);
    arm('OPEN 1', 'foreign-redirect', { times: 1000 });
    await expect(textOf('here')).rejects.toMatchObject(refused);
    proxy.arm([]);
    await using file = await store.create(at('parts'), 0o644, through);
    await file.write(bytes('one '), through);
    await file.suspend(through);
    arm('APPEND 1', 'foreign-redirect', { times: 1000 });
    await expect(file.write(bytes('two'), through)).rejects.toMatchObject(refused);
    arm('GETFILECHECKSUM 1', 'foreign-redirect', { times: 1000 });
    await expect(store.askChecksum?.(at('here'), through)).rejects.toMatchObject(refused);
    expect(proxy.canary).toMatchObject({ connections: 0, bytes: 0 });
  });

  it.each([
    'reset-request',
    'drop-answer',
    'reset-answer',
    'error-500',
    'refuse-503',
    'early-503',
    'denied',
    'loop-redirect',
    'nonsense',
  ] as const)('an append that meets %s adds the bytes once, or kills the file', async (kind) => {
    for (const step of ['APPEND 1', 'APPEND 2']) {
      proxy.arm([]);
      const name = `${kind} ${step}`;
      await using file = await store.create(at(name), 0o644, through);
      await file.write(bytes('one '), through);
      await file.suspend(through);
      arm(step, kind);
      const outcome = await Promise.resolve()
        .then(() => file.write(bytes('two'), through))
        .then(() => file.sync(through))
        .catch((error: unknown) => error);
      expect(count('APPEND 2')).toBeLessThanOrEqual(1);
      proxy.arm([]);
      if (outcome === undefined) expect(await textOf(name)).toBe('one two');
      else {
        expect(outcome).toMatchObject({ code: expect.stringMatching(/^ATLAS_(?:HDFS|STORE)_/) });
        await expect(file.write(bytes('three'), through)).rejects.toBe(outcome);
      }
    }
  });

  it('a lock is held, confirmed and given back, whichever answer is lost', async () => {
    for (const step of ['CREATE 1', 'CREATE 2', 'RENAME', 'DELETE', 'GETFILESTATUS', 'LISTSTATUS']) {
      for (const place of [0, 1]) {
        const name = `locked-${step.replace(' ', '')}-${place}`;
        arm(step, 'drop-answer', { at: place });
        const lock = await store.lock(root, name, 'run-1', through);
        await lock.confirm(through);
        await lock[Symbol.asyncDispose]();
        proxy.arm([]);
        const left = (await store.list(root, through)).filter((entry) => entry.name.includes(name));
        expect(left).toEqual([]);
      }
    }
  });

  it('signs of life that meet do not spoil one another', async () => {
    proxy.arm([]);
    await using lock = await store.lock(root, 'busy', 'run-1', through);
    await Promise.all(Array.from({ length: 6 }, () => lock.confirm(through)));
  });
});
