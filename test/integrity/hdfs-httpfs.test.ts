import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { datasetOf, Project } from '../run/project.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { describeWithHttpFs } from '../services/httpfs/describe-with-http-fs.ts';
import { startProxy } from '../services/proxy.ts';

const through = { signal: new AbortController().signal };
/** Servers that share a machine with other tests. */
const LONG = 180_000;

describeWithHttpFs('a run through HttpFS', (gateway) => {
  /** A dataset through HttpFS at `url`, and the same folder by the NameNode itself. */
  function lake(url: string) {
    const project = new Project();
    const folder = `/runs/${randomBytes(6).toString('hex')}`;
    project.declare(
      [datasetOf('rows', { id: 'int' }, { destination: { path: `hdfs://lake${folder}/rows.parquet` } })],
      { lake: declaredHdfs({ url }, { api: 'httpfs' }), direct: declaredHdfs(gateway().hadoop) },
    );
    const load = (rows: number) => {
      project.write('rows.csv', `id\n${Array.from({ length: rows }, (_, id) => `${id}\n`).join('')}`);
      return project.load();
    };
    const names = async (): Promise<readonly string[]> => {
      await using stores = openStores(await project.connections());
      const store = await stores.of('hdfs://direct/');
      return (await store.list(`hdfs://direct${folder}`, through)).map(({ name }) => name);
    };
    return { folder, load, names, [Symbol.dispose]: () => project[Symbol.dispose]() };
  }

  it('publishes one file, replaces it, proves it by the checksum of HDFS, and leaves nothing beside it', {
    timeout: LONG,
  }, async () => {
    using rows = lake(gateway().httpFs.url);
    for (const count of [3, 500]) {
      expect(await rows.load(count)).toMatchObject({ outcome: 'published', error: null, rows: { published: count } });
      expect(await rows.names()).toEqual(['rows.parquet']);
    }
  });

  it('is refused or stopped between the two renames of a replacement: the old file is put back, or the next run settles it', {
    timeout: LONG,
  }, async () => {
    let refuses: 'nothing' | 'the new file' | 'any file' = 'nothing';
    const route = ({ url = '' }: IncomingMessage, answer: ServerResponse): URL | 'handled' => {
      const asked = new URL(url, gateway().httpFs.url);
      const isNew = asked.pathname.endsWith('.atlas-draft');
      const isPublishing = asked.searchParams.get('destination')?.endsWith('/rows.parquet') ?? false;
      if (refuses === 'nothing' || !isPublishing || (refuses === 'the new file' && !isNew)) return asked;
      const refusal = { exception: 'AccessControlException', message: 'not now' };
      answer.writeHead(403).end(JSON.stringify({ RemoteException: refusal }));
      return 'handled';
    };
    await using proxy = await startProxy({ route });
    using rows = lake(proxy.url);
    await rows.load(3);
    refuses = 'the new file';
    expect(await rows.load(4)).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_HDFS_DENIED' } });
    expect(await rows.names()).toContain('rows.parquet');
    expect(await rows.names()).not.toContain('.rows.parquet.atlas-aside');
    refuses = 'any file';
    expect(await rows.load(4)).toMatchObject({ outcome: 'failed', error: { code: 'ATLAS_HDFS_DENIED' } });
    expect(await rows.names()).toContain('.rows.parquet.atlas-aside');
    expect(await rows.names()).not.toContain('rows.parquet');
    refuses = 'nothing';
    expect(await rows.load(5)).toMatchObject({ outcome: 'published', error: null, rows: { published: 5 } });
    expect(await rows.names()).toEqual(['rows.parquet']);
  });
});
