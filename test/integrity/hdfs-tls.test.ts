import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { openStores } from '../../src/registry.ts';
import { datasetOf, Project } from '../run/project.ts';
import { describeWithServer } from '../services/describe-with-server.ts';
import { declaredHdfs, hdfsConnection } from '../services/hadoop/hdfs-connection.ts';
import { startProxy } from '../services/proxy.ts';
import { identityOf } from '../services/tls/make-certificates.ts';
import { startTlsHadoop } from '../services/tls/start-tls-hadoop.ts';

const through = { signal: new AbortController().signal };

describeWithServer('HDFS by https', ['java', 'mvn', 'keytool'], startTlsHadoop, (tls) => {
  const trusted = () => ({ tls: { ca: tls().certificates.caFile } });

  async function looking(url: string, more: object): Promise<unknown> {
    await using stores = openStores({ lake: hdfsConnection({ url }, { attempts: 3, ...more }) });
    const store = await stores.of('hdfs://lake/');
    return store.look('hdfs://lake/', through);
  }

  it('takes a run whole where the authority of its certificates is declared', async () => {
    using project = new Project();
    const path = `hdfs://lake/runs/${randomBytes(6).toString('hex')}/cities.parquet`;
    project.declare([datasetOf('cities', { id: 'int', name: 'string' }, { destination: { path } })], {
      lake: declaredHdfs(tls(), trusted()),
    });
    project.write('cities.csv', 'id,name\n1,Oslo\n2,Rom\n');
    expect(await project.load()).toMatchObject({ outcome: 'published', error: null, rows: { published: 2 } });
    await using stores = openStores(await project.connections());
    const store = await stores.of(path);
    await using reader = await store.open(path, through);
    expect(new TextDecoder().decode(await reader.read(0, 4))).toBe('PAR1');
  });

  it('is refused without the authority: the key to set is named', async () => {
    await expect(looking(tls().url, {})).rejects.toMatchObject({
      code: 'ATLAS_HDFS_TLS',
      message: expect.stringMatching(/the authority that signed the certificate of localhost:\d+ is not trusted here/),
      hint: expect.stringContaining('Set "tls": { "ca": "<file>" } in connection lake'),
    });
  });

  it('is refused with another authority', async () => {
    const ca = join(tls().hadoop.home, 'other.pem');
    writeFileSync(ca, rootCertificates[0] ?? '');
    await expect(looking(tls().url, { tls: { ca } })).rejects.toMatchObject({
      code: 'ATLAS_HDFS_TLS',
      hint: expect.stringContaining('the file that tls.ca of connection lake names'),
    });
  });

  it('is refused under a name that its certificate does not hold', async () => {
    const elsewhere = tls().url.replace('localhost', '127.0.0.1');
    await expect(looking(elsewhere, trusted())).rejects.toMatchObject({
      code: 'ATLAS_HDFS_TLS',
      message: expect.stringMatching(/certificate of 127\.0\.0\.1:\d+ is for other names: DNS:localhost/),
    });
  });

  it('is refused where the server speaks no TLS', async () => {
    await using plain = await startProxy({
      route: (_, answer) => {
        answer.end('{}');
        return 'handled';
      },
    });
    await expect(looking(plain.url.replace('http:', 'https:'), trusted())).rejects.toMatchObject({
      code: 'ATLAS_HDFS_TLS',
      message: expect.stringContaining('no TLS connection to 127.0.0.1:'),
    });
    expect(plain.seen).toEqual([]);
  });

  it('sends nothing to a place without TLS, wherever it is redirected', async () => {
    await using plain = await startProxy({
      route: (_, answer) => {
        answer.end();
        return 'handled';
      },
    });
    await using secure = await startProxy({
      identity: identityOf(tls().certificates),
      route: ({ url = '' }, answer) => {
        if (url.includes('op=CREATE')) answer.writeHead(307, { location: `${plain.url}/webhdfs/v1/a?op=CREATE` }).end();
        else answer.writeHead(404).end('{"RemoteException":{"exception":"FileNotFoundException","message":"none"}}');
        return 'handled';
      },
    });
    const connection = hdfsConnection(secure, { ...trusted(), redirect_hosts: ['127.0.0.1'] });
    await using stores = openStores({ lake: connection });
    const store = await stores.of('hdfs://lake/');
    await expect(store.create('hdfs://lake/a', 0o666, through)).rejects.toMatchObject({
      code: 'ATLAS_HDFS_REDIRECT',
      message: expect.stringContaining('from https to http'),
    });
    expect(plain.seen).toEqual([]);
  });
});
