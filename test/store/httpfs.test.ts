import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { describeWithHttpFs } from '../services/httpfs/describe-with-http-fs.ts';
import { startProxy } from '../services/proxy.ts';

const through = { signal: new AbortController().signal };

describeWithHttpFs('a store on HttpFS', (gateway) => {
  /** The same folder through HttpFS and by the NameNode itself. */
  async function beds(more: object = {}) {
    const folder = `/tmp/${randomBytes(6).toString('hex')}`;
    const { lake, direct } = {
      lake: hdfsConnection(gateway().httpFs, { api: 'httpfs', ...more }),
      direct: { ...hdfsConnection(gateway().hadoop), name: 'direct' },
    };
    const stores = openStores({ lake, direct });
    const [httpfs, webhdfs] = [await stores.of('hdfs://lake/'), await stores.of('hdfs://direct/')];
    await webhdfs.makeFolders(`hdfs://direct${folder}`, through);
    const dispose = async (): Promise<void> => {
      await webhdfs.remove(`hdfs://direct${folder}`, through);
      await stores[Symbol.asyncDispose]();
    };
    return {
      httpfs,
      webhdfs,
      at: (name: string) => `hdfs://lake${folder}/${name}`,
      direct: (name: string) => `hdfs://direct${folder}/${name}`,
      names: async () => (await webhdfs.list(`hdfs://direct${folder}`, through)).map(({ name }) => name),
      [Symbol.asyncDispose]: dispose,
    };
  }

  it('sends the bytes to the gateway itself, with data=true, and takes them from it', async () => {
    await using proxy = await startProxy({ route: ({ url = '/' }) => new URL(url, gateway().httpFs.url) });
    await using bed = await beds({ url: proxy.url });
    await using file = await bed.httpfs.create(bed.at('a'), 0o666, through);
    await file.write(new TextEncoder().encode('one '), through);
    await file.suspend(through);
    await file.write(new TextEncoder().encode('two'), through);
    await file.sync(through);
    await file.close();
    expect(await textOf(bed.httpfs, bed.at('a'))).toBe('one two');
    expect(await textOf(bed.webhdfs, bed.direct('a'))).toBe('one two');
    const steps = proxy.seen.filter((line) => /CREATE|APPEND|OPEN/.test(line)).map((line) => line.split(' ')[1]);
    expect(steps).toEqual(['CREATE', 'APPEND', 'OPEN']);
  });

  it('goes on where a replacement was interrupted between its two renames', async () => {
    await using bed = await beds();
    await make(bed.httpfs, bed.at('target'), 'old');
    await make(bed.httpfs, bed.at('draft'), 'new');
    const [old, fresh] = [
      await bed.httpfs.look(bed.at('target'), through),
      await bed.httpfs.look(bed.at('draft'), through),
    ];
    await bed.webhdfs.rename(bed.direct('target'), bed.direct('.target.atlas-aside'), through);
    expect(await bed.httpfs.look(bed.at('target'), through)).toEqual(old);
    expect(await textOf(bed.httpfs, bed.at('target'))).toBe('old');
    await bed.httpfs.rename(bed.at('draft'), bed.at('target'), through);
    expect(await bed.httpfs.look(bed.at('target'), through)).toEqual(fresh);
    expect(await bed.names()).toEqual(['target']);
  });

  it('removes what a replacement had set aside and could not remove', async () => {
    await using bed = await beds();
    for (const name of ['target', 'draft', '.target.atlas-aside']) await make(bed.httpfs, bed.at(name), name);
    await bed.httpfs.rename(bed.at('draft'), bed.at('target'), through);
    expect(await textOf(bed.webhdfs, bed.direct('target'))).toBe('draft');
    expect(await bed.names()).toEqual(['target']);
  });

  it('removes what is aside with the file it belongs to, so that no older one comes back', async () => {
    await using bed = await beds();
    for (const name of ['target', '.target.atlas-aside']) await make(bed.httpfs, bed.at(name), name);
    await bed.httpfs.remove(bed.at('target'), through);
    expect(await bed.httpfs.look(bed.at('target'), through)).toEqual({ kind: 'absent' });
    expect(await bed.names()).toEqual([]);
  });

  it('creates no folders on its way to a file, though HttpFS would', async () => {
    await using bed = await beds();
    await expect(bed.httpfs.create(bed.at('none/file'), 0o666, through)).rejects.toMatchObject({
      code: 'ATLAS_STORE_WRITE',
      message: expect.stringContaining('none'),
    });
    expect(await bed.names()).toEqual([]);
  });

  it('refuses a file in place of a folder, into which HttpFS would have moved it', async () => {
    await using bed = await beds();
    await make(bed.httpfs, bed.at('draft'), 'new');
    await bed.httpfs.makeFolder(bed.at('target'), through);
    await expect(bed.httpfs.rename(bed.at('draft'), bed.at('target'), through)).rejects.toMatchObject({
      code: 'ATLAS_STORE_WRITE',
      message: expect.stringContaining('there is a folder'),
    });
    expect(await bed.names()).toEqual(['draft', 'target']);
  });

  it('says that a user is missing', async () => {
    await using bed = await beds({ user: undefined });
    await expect(bed.httpfs.look(bed.at('a'), through)).rejects.toMatchObject({ code: 'ATLAS_HDFS_AUTH' });
  });
});

async function make(store: Store, path: string, text: string): Promise<void> {
  await using file = await store.create(path, 0o666, through);
  await file.write(new TextEncoder().encode(text), through);
  await file.sync(through);
  await file.close();
}

async function textOf(store: Store, path: string): Promise<string> {
  await using reader = await store.open(path, through);
  return new TextDecoder().decode(await reader.read(0, reader.length));
}
