import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithHadoop } from '../services/hadoop/describe-with-hadoop.ts';
import { declaredHdfs } from '../services/hadoop/hdfs-connection.ts';
import { onPath } from '../services/on-path.ts';
import { type RunningProxy, startProxy } from '../services/proxy.ts';
import { serviceHome } from '../services/service-home.ts';
import { type Certificates, identityOf, makeCertificates } from '../services/tls/make-certificates.ts';

const through = { signal: new AbortController().signal };
const PREFIX = '/gateway/lake/webhdfs';

describeWithHadoop('a gateway before HDFS', (hadoop) => {
  // The keys of its certificate are made by Java, which may be slow to start.
  it.skipIf(!onPath('keytool'))(
    'is asked for everything, under its own path and by its own name',
    { timeout: 300_000 },
    async () => {
      const home = serviceHome('gateway');
      try {
        const certificates = await makeCertificates(join(home, 'certificates'));
        await using gateway = await startGateway(hadoop().url, certificates);
        using project = new Project();
        const folder = `hdfs://lake/runs/${randomBytes(6).toString('hex')}`;
        const path = `${folder}/cities.parquet`;
        const url = `${gateway.url}${PREFIX}/v1`;
        project.declare([datasetOf('cities', { id: 'int', name: 'string' }, { destination: { path } })], {
          lake: declaredHdfs({ url }, { tls: { ca: certificates.caFile } }),
        });
        for (const names of [['Oslo', 'Rom'], ['Kyoto']]) {
          project.write('cities.csv', `id,name\n${names.map((name, index) => `${index},${name}\n`).join('')}`);
          expect(await project.load()).toMatchObject({ outcome: 'published', error: null });
        }
        await using stores = openStores(await project.connections());
        const store = await stores.of(path);
        expect(await store.list(folder, through)).toEqual([{ name: 'cities.parquet', kind: 'file' }]);
        await using reader = await store.open(path, through);
        expect(new TextDecoder().decode(await reader.read(0, 4))).toBe('PAR1');
        expect(gateway.seen.some((line) => line.startsWith(`PUT CREATE ${PREFIX}/data/`))).toBe(true);
        expect(gateway.seen.some((line) => line.startsWith(`GET OPEN ${PREFIX}/data/`))).toBe(true);
        expect(gateway.seen.filter((line) => !line.includes(` ${PREFIX}/`))).toEqual([]);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  );
});

/** As gateways do it: `…/v1/x` is the NameNode's, `…/data/<host:port>/x` a DataNode's, which no client sees. */
function startGateway(nameNode: string, certificates: Certificates): Promise<RunningProxy> {
  return startProxy({
    identity: identityOf(certificates),
    route: ({ url = '' }) => {
      const inside = url.slice(PREFIX.length);
      const data = /^\/data\/([^/]+)(\/.*)$/.exec(inside);
      if (data !== null) return new URL(`http://${data[1]}${data[2]}`);
      return new URL(`${nameNode}${inside.replace(/^\/v1/, '')}`);
    },
    location: (location) => {
      const { host, pathname, search } = new URL(location);
      return `${PREFIX}/data/${host}${pathname}${search}`;
    },
  });
}
