import { afterAll, beforeAll, expect, it } from 'vitest';
import { listInputs } from '../../src/source/list-inputs.ts';
import { confirmInputs, openInput } from '../../src/source/open-input.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { HdfsFolder } from '../services/hadoop/hdfs-folder.ts';
import { DataFolder } from './csv/data-folder.ts';

const { signal } = new AbortController();

/** Names that rules of globs are about. */
const NAMES = [
  'b.csv',
  'B.csv',
  'a10.csv',
  'a2.csv',
  'é.csv',
  '\u{ff5e}.csv',
  '\u{1f600}.csv',
  'a b.csv',
  '100%.csv',
  '.h.csv',
  'x.txt',
  '.hidden/c.csv',
  'd.csv/inside.txt',
  'p=1/q/r.csv',
  'p=2/q/r.csv',
  'p=2/.tmp/r.csv',
  'a[1].csv',
  'a1.csv',
] as const;

const PATTERNS = [
  '*.csv',
  '**/*.csv',
  '!(B).csv',
  '.*.csv',
  '**/.*/*.csv',
  '{b,B,b}.csv',
  'a[1].csv',
  'a[12].csv',
  'p=*/q/*.csv',
  'p=[2]/**',
  '?.csv',
  'a*.csv',
  '@(a|b)*.csv',
] as const;

describeWithHadoop('inputs on HDFS', (hadoop) => {
  let stored: HdfsFolder;
  let local: DataFolder;
  beforeAll(async () => {
    stored = await HdfsFolder.make(hadoop());
    local = new DataFolder();
    for (const name of NAMES) {
      await stored.write(name, name);
      local.write(name, name);
    }
  });
  afterAll(async () => {
    await stored[Symbol.asyncDispose]();
    local[Symbol.dispose]();
  });

  const access = () => ({ stores: stored.stores, signal });
  const list = (pattern: string) => listInputs(`${stored.path}/${pattern}`, '/', access());

  /** The same store, and `hear` is told of every folder before it is listed. */
  function listing(hear: (folder: string) => void) {
    const { store } = stored;
    const list = async (folder: string, options: { readonly signal: AbortSignal }) => {
      hear(folder);
      return store.list(folder, options);
    };
    const get = (target: typeof store, key: keyof typeof store) => {
      const value: unknown = key === 'list' ? list : target[key];
      return typeof value === 'function' ? value.bind(target) : value;
    };
    const heard = new Proxy(store, { get: (target, key) => get(target, key as keyof typeof store) });
    return { of: async () => heard };
  }

  it.each(PATTERNS)('%s names what it names on a local disk, in the same order', async (pattern) => {
    const found = await list(pattern);
    expect(found.length).toBeGreaterThan(0);
    const there = await listInputs(`${local.path}/${pattern}`, local.path, { signal });
    expect(found).toEqual(there.map((path) => stored.path + path.slice(local.path.length)));
  });

  it('lists only the folders that a pattern may lead into', async () => {
    const listed: string[] = [];
    const stores = listing((folder) => {
      listed.push(folder.slice(stored.path.length));
    });
    expect(await listInputs(`${stored.path}/p=[2]/q/*.csv`, '/', { stores, signal })).toEqual([
      `${stored.path}/p=2/q/r.csv`,
    ]);
    expect(listed.sort()).toEqual(['', '/p=2', '/p=2/q']);
  });

  it('a folder that cannot be listed fails the listing: what stands in it is not left out', async () => {
    const broken = new Error('broken');
    const stores = listing((folder) => {
      if (folder.endsWith('p=2')) throw broken;
    });
    await expect(listInputs(`${stored.path}/p=*/q/*.csv`, '/', { stores, signal })).rejects.toBe(broken);
  });

  it('what is not there is told with the nearest folder that is', async () => {
    for (const pattern of ['p=1/none/*.csv', 'p=1/none/x/y-*/*.csv', 'p=1/*.none']) {
      await expect(list(pattern)).rejects.toMatchObject({
        code: 'ATLAS_INPUT_NOT_FOUND',
        message: `no file matches ${stored.path}/${pattern}; the nearest folder there is: ${stored.path}/p=1`,
      });
    }
    await expect(openInput(`${stored.path}/p=1/none/x.csv`, null, access())).rejects.toMatchObject({
      code: 'ATLAS_INPUT_NOT_FOUND',
      message: `there is no file ${stored.path}/p=1/none/x.csv; the nearest folder there is: ${stored.path}/p=1`,
    });
    await expect(openInput('hdfs://lake/no-such-folder/x.csv', null, access())).rejects.toMatchObject({
      message: 'there is no file hdfs://lake/no-such-folder/x.csv; the nearest folder there is: hdfs://lake',
    });
  });

  it('a folder without a pattern is refused, with a pattern to write', async () => {
    await expect(openInput(`${stored.path}/p=1`, null, access())).rejects.toMatchObject({
      code: 'ATLAS_INPUT_UNREADABLE',
      message: `${stored.path}/p=1 is a folder, a file is needed`,
      hint: `Name the files in it by a pattern: ${stored.path}/p=1/*.`,
    });
  });

  it('are read at any position, in whatever portions', async () => {
    const content = Buffer.from(Array.from({ length: 700_000 }, (_, at) => (at * 7919) % 251));
    const path = await stored.write('big', content);
    await using input = await openInput(path, null, access());
    expect(input.bytes).toBe(content.length);
    for (const [at, count, readsTo] of [
      [0, 4, 0],
      [0, 8192, 0],
      [8192, 100_000, 0],
      [100_000, 8192, 0],
      [600_000, 50_000, 0],
      [10, 10, 0],
      [699_990, 100, 0],
      [700_000, 10, 0],
      [5000, 300_000, 400_000],
      [305_000, 200_000, 0],
    ] as const) {
      if (readsTo > 0) input.readsTo(readsTo);
      const target = new Uint8Array(count);
      const read = await input.read(target, at);
      expect(read, `${at}`).toBe(Math.min(count, content.length - at));
      expect(Buffer.compare(target.subarray(0, read), content.subarray(at, at + count)), `${at}`).toBe(0);
    }
  });

  it('that somebody is writing are refused: what there is of them is not all', async () => {
    const path = `${stored.path}/open.csv`;
    await using file = await stored.store.create(path, 0o644, { signal });
    await file.write(Buffer.from('a\n1\n'), { signal });
    let refused: unknown = null;
    while (refused === null) {
      const opened = await openInput(path, null, access()).catch((error: unknown) => error);
      if ((opened as { code?: string }).code !== 'ATLAS_INPUT_NOT_FOUND') refused = opened;
    }
    expect(refused).toMatchObject({
      code: 'ATLAS_INPUT_UNREADABLE',
      message: `${path} is still being written: 0 bytes of it can be read so far`,
    });
    await file.sync({ signal });
    await file.close();
    await using input = await openInput(path, null, access());
    expect(input.bytes).toBe(4);
  });

  it('that are others than the survey saw are noticed, when they are opened and when they are confirmed', async () => {
    const path = await stored.write('changing.csv', 'a\n1\n');
    const { identity, bytes } = await openInput(path, null, access());
    const inputs = [{ path, bytes, identity }];
    await confirmInputs(inputs, access());
    await (await openInput(path, identity, access()))[Symbol.asyncDispose]();
    const changed = { code: 'ATLAS_INPUT_CHANGED', place: { file: path } };
    for (const change of [
      () => stored.write('changing.csv', 'a\n1\n'),
      () => stored.write('changing.csv', 'a\n1\n2\n'),
      () => stored.store.remove(path, { signal }),
      () => stored.store.makeFolder(path, { signal }),
    ]) {
      await change();
      await expect(confirmInputs(inputs, access())).rejects.toMatchObject(changed);
      await expect(openInput(path, identity, access())).rejects.toMatchObject(changed);
    }
  });
});
