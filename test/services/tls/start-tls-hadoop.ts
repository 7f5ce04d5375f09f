import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { type Hadoop, startHadoop } from '../hadoop/start-hadoop.ts';
import { serviceHome } from '../service-home.ts';
import { type Certificates, makeCertificates, PASSPHRASE } from './make-certificates.ts';

/** A real HDFS that speaks https to clients of WebHDFS, and nothing else. */
export interface TlsHadoop extends AsyncDisposable {
  /** `https://localhost:…/webhdfs/v1`, the name that its certificate is for. */
  readonly url: string;
  readonly hadoop: Hadoop;
  readonly certificates: Certificates;
}

export async function startTlsHadoop(): Promise<TlsHadoop> {
  const home = serviceHome('tls');
  const certificates = await makeCertificates(join(home, 'certificates'));
  const [name, data] = [await freePort(), await freePort()];
  const hadoop = await startHadoop({
    hdfs: {
      'dfs.http.policy': 'HTTPS_ONLY',
      'dfs.namenode.https-address': `127.0.0.1:${name}`,
      'dfs.datanode.https.address': `127.0.0.1:${data}`,
      'dfs.datanode.hostname': 'localhost',
    },
    files: {
      'ssl-server.xml': {
        'ssl.server.keystore.type': 'pkcs12',
        'ssl.server.keystore.location': certificates.keyStore,
        'ssl.server.keystore.password': PASSPHRASE,
        'ssl.server.keystore.keypassword': PASSPHRASE,
      },
    },
    web: `https://localhost:${name}`,
  });
  return {
    url: hadoop.url,
    hadoop,
    certificates,
    [Symbol.asyncDispose]: async () => {
      await hadoop[Symbol.asyncDispose]();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
