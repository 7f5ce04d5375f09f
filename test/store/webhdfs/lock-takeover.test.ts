import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStores, type Stores } from '../../../src/registry.ts';
import { type LockOwner, newOwner } from '../../../src/store/lock-owner.ts';
import type { Store } from '../../../src/store/store.ts';
import { nameOfOwner } from '../../../src/store/webhdfs/lock/owner-name.ts';
import { BareHdfs } from '../../hdfs-faults/bare-hdfs.ts';
import { describeWithHadoop } from '../../services/hadoop/describe-with-hadoop.ts';
import { hdfsConnection } from '../../services/hadoop/hdfs-connection.ts';

const through = { signal: new AbortController().signal };
const NOBODY = 4_194_305; // above the highest process number of Linux
const FAR: Partial<LockOwner> = { boot: null, space: null, host: 'other', run: 'far' };

describeWithHadoop('a lock that was left behind on HDFS', (hadoop) => {
  const inside = `/locks/${randomBytes(6).toString('hex')}`;
  let root: string;
  let stores: Stores;
  let store: Store;
  let bare: BareHdfs;
  let count = 0;
  beforeAll(async () => {
    stores = openStores({ lake: hdfsConnection(hadoop()) });
    store = await stores.of('hdfs://lake/');
    bare = new BareHdfs(hadoop().url, userInfo().username);
  });
  afterAll(async () => {
    await bare.remove(inside);
    await stores[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    count += 1;
    root = `${inside}/${count}`;
    await store.makeFolders(`hdfs://lake${root}`, through);
  });

  /** Leaves a file as a lock of this owner, or one that tells nothing; answers what is to be aged to make it old. */
  const leave = async (name: string, owner: LockOwner | null): Promise<readonly string[]> => {
    const path = `hdfs://lake${root}/${name}`;
    await using file = await store.create(path, 0o644, through);
    await file.close();
    const found = await store.look(path, through);
    if (found.kind === 'absent') throw new Error(`${path} is not there`);
    if (owner === null) return [`${root}/${name}`];
    const life = `${root}/.a.file-${found.inode}.atlas-beat`;
    await store.makeFolders(`hdfs://lake${life}/${nameOfOwner(owner)}`, through);
    return [`${root}/${name}`, life];
  };
  const age = async (paths: readonly string[], seconds: number) => {
    for (const path of paths) await bare.age(path, seconds * 1000);
  };
  const lock = (run: string) => store.lock(`hdfs://lake${root}`, 'a', run, through);
  const takeAndGive = async () => {
    const taken = await lock('new');
    await taken.confirm(through);
    await taken[Symbol.asyncDispose]();
  };

  it('of a dead process is taken over at once', async () => {
    await leave('.a.atlas-lock', { ...newOwner('old'), pid: NOBODY });
    await takeAndGive();
    expect(await bare.list(root)).toEqual([]);
  });

  it('of another host is taken over when its lease is over by the clock of the NameNode, not before', async () => {
    const left = await leave('.a.atlas-lock', { ...newOwner('far'), ...FAR });
    await age(left, 100);
    await expect(lock('new')).rejects.toMatchObject({
      code: 'ATLAS_TARGET_LOCKED',
      message: expect.stringMatching(/held by run far \(process \d+ on other\)/),
    });
    await age(left, 130);
    await takeAndGive();
    expect(await bare.list(root)).toEqual([]);
  });

  it('of another host that gave a sign of life is not, however old the lock is', async () => {
    const left = await leave('.a.atlas-lock', { ...newOwner('far'), ...FAR });
    await age(left, 1000);
    await store.makeFolders(`hdfs://lake${left[1]}/beat-1`, through);
    await expect(lock('new')).rejects.toMatchObject({ code: 'ATLAS_TARGET_LOCKED' });
    expect(await bare.list(root)).toHaveLength(2);
  });

  it('that does not tell whose it is is taken over when its lease is over, not before', async () => {
    const left = await leave('.a.atlas-lock', null);
    await expect(lock('new')).rejects.toThrow(/held by an unknown run/);
    await age(left, 130);
    await takeAndGive();
    expect(await bare.list(root)).toEqual([]);
  });

  it.each([
    ['whose processes are dead', 0, {}],
    ['of another host, long ago', 130, FAR],
  ])('with a takeover that died half way, %s, is taken over, and all remains go', async (_, seconds, whose) => {
    const mine = newOwner('first').claim.split('-')[0];
    const first = { ...newOwner('first'), pid: NOBODY, ...whose, claim: `${mine}-4194305-1-000000000001` };
    const second = { ...first, run: 'second', claim: `${mine}-4194305-1-000000000002` };
    const third = { ...first, run: 'third', claim: `${mine}-4194305-1-000000000003` };
    const left = [
      ...(await leave('.a.atlas-lock', first)),
      ...(await leave(`.a.${first.claim}.atlas-lock`, second)),
      ...(await leave(`.a.${third.claim}.atlas-claim`, third)),
    ];
    if (seconds > 0) await age(left, seconds);
    await takeAndGive();
    expect(await bare.list(root)).toEqual([]);
  });

  it('is swept only where its owner is dead or silent: what others are about to claim stays', async () => {
    const near = { ...newOwner('near'), ...FAR, claim: 'aaaa0000-1-1-000000000001' };
    await leave(`.a.${near.claim}.atlas-claim`, near);
    await leave('gone', { ...newOwner('dead'), pid: NOBODY });
    await bare.remove(`${root}/gone`);
    await takeAndGive();
    expect(await bare.list(root)).toEqual([
      expect.stringMatching(/^\.a\.aaaa0000-1-1-000000000001\.atlas-claim$/),
      expect.stringMatching(/^\.a\.file-\d+\.atlas-beat\/$/),
    ]);
  });

  it('is noticed by the one who lost it, and left to the one who has it', async () => {
    const lost = await lock('slow');
    await bare.remove(`${root}/.a.atlas-lock`);
    await leave('.a.atlas-lock', { ...newOwner('quick'), ...FAR, run: 'quick' });
    const before = await store.look(`hdfs://lake${root}/.a.atlas-lock`, through);
    await expect(lost.confirm(through)).rejects.toMatchObject({
      code: 'ATLAS_LOCK_LOST',
      message: expect.stringMatching(/was held by run slow and is now held by run quick on other/),
    });
    await lost[Symbol.asyncDispose]();
    expect(await store.look(`hdfs://lake${root}/.a.atlas-lock`, through)).toEqual(before);
    expect(await bare.list(root)).toHaveLength(2);
  });

  it('that is gone altogether is lost too', async () => {
    const lost = await lock('slow');
    await bare.remove(`${root}/.a.atlas-lock`);
    await expect(lost.confirm(through)).rejects.toMatchObject({ code: 'ATLAS_LOCK_LOST' });
    await lost[Symbol.asyncDispose]();
    expect(await bare.list(root)).toEqual([]);
  });

  it('and is being taken over is lost: a successor counts before it has the lock', async () => {
    const lost = await lock('slow');
    const [own = ''] = (await bare.list(root)).filter((name) => name.endsWith('.atlas-beat/'));
    const [child = ''] = (await bare.list(`${root}/${own}`)).filter((name) => name.startsWith('owner~'));
    const claim = child.split('~')[1];
    await leave(`.a.${claim}.atlas-lock`, { ...newOwner('quick'), ...FAR, run: 'quick' });
    await expect(lost.confirm(through)).rejects.toMatchObject({ code: 'ATLAS_LOCK_LOST' });
    await lost[Symbol.asyncDispose]();
  });

  it('is wanted by many, and held by one at a time', async () => {
    let holders = 0;
    let most = 0;
    const contend = async (run: string): Promise<number> => {
      for (let held = 0, turn = 0; turn < 40; turn += 1) {
        const taken = await lock(run).catch(() => null);
        if (taken === null) continue;
        holders += 1;
        most = Math.max(most, holders);
        await taken.confirm(through);
        holders -= 1;
        await taken[Symbol.asyncDispose]();
        held += 1;
        if (held === 3) return held;
      }
      return 0;
    };
    const times = await Promise.all(['one', 'two', 'three'].map(contend));
    expect(times.some((each) => each === 3)).toBe(true);
    expect(most).toBe(1);
    expect(await bare.list(root)).toEqual([]);
  });
});
