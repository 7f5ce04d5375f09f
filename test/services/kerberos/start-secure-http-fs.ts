import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { hadoopClassPath } from '../hadoop/class-path.ts';
import { HadoopHome } from '../hadoop/hadoop-home.ts';
import { serviceHome } from '../service-home.ts';
import { untilReady } from '../until-ready.ts';
import type { SecureHadoop } from './describe-with-kerberos.ts';
import { REALM } from './kdc.ts';

const POM = fileURLToPath(new URL('../httpfs/pom.xml', import.meta.url));
const SERVER = 'org.apache.hadoop.fs.http.server.HttpFSServerWebServer';

/** A real HttpFS that asks for Kerberos, in front of a secured HDFS: it issues delegation tokens of its own. */
export async function startSecureHttpFs(hadoop: SecureHadoop): Promise<{ readonly url: string } & AsyncDisposable> {
  const home = await HadoopHome.open(serviceHome('httpfs'), await hadoopClassPath(POM));
  const port = await freePort();
  const conf = join(home.path, 'conf');
  const keytab = hadoop.keytabs.servers;
  home.write('core-site.xml', {
    'fs.defaultFS': hadoop.fileSystem,
    'hadoop.security.authentication': 'kerberos',
  });
  home.write('hdfs-site.xml', {
    'dfs.replication': '1',
    'dfs.namenode.kerberos.principal': `nn/localhost@${REALM}`,
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    'ignore.secure.ports.for.testing': 'true',
  });
  home.write('httpfs-site.xml', {
    'httpfs.http.hostname': 'localhost',
    'httpfs.http.port': String(port),
    'httpfs.hadoop.config.dir': conf,
    'hadoop.http.authentication.type': 'kerberos',
    'hadoop.http.authentication.kerberos.principal': `HTTP/localhost@${REALM}`,
    'hadoop.http.authentication.kerberos.keytab': keytab,
    'hadoop.http.authentication.signature.secret.file': join(conf, 'httpfs-signature.secret'),
    'httpfs.hadoop.authentication.type': 'kerberos',
    'httpfs.hadoop.authentication.kerberos.principal': `httpfs/localhost@${REALM}`,
    'httpfs.hadoop.authentication.kerberos.keytab': keytab,
  });
  writeFileSync(join(conf, 'httpfs-signature.secret'), 'of tests\n');
  const server = home.start('httpfs', SERVER, [], {
    'java.security.krb5.conf': hadoop.kdc.configuration,
    'httpfs.home.dir': home.path,
    'httpfs.config.dir': conf,
    'httpfs.log.dir': home.path,
    'httpfs.temp.dir': home.path,
    'hadoop.tmp.dir': home.path,
  });
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]();
    rmSync(home.path, { recursive: true, force: true });
  };
  const url = `http://localhost:${port}/webhdfs/v1`;
  try {
    await untilReady('HttpFS', { httpfs: server }, async () => (await fetch(`${url}/?op=LISTSTATUS`)).status === 401);
  } catch (error) {
    await dispose();
    throw error;
  }
  return { url, [Symbol.asyncDispose]: dispose };
}
