import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { HadoopHome } from '../hadoop/hadoop-home.ts';
import { dataNodeProperties } from '../hadoop/start-hadoop.ts';
import type { ServerProcess } from '../server-process.ts';
import { serviceHome } from '../service-home.ts';
import { untilReady } from '../until-ready.ts';
import { Kdc, type KdcFacts, REALM } from './kdc.ts';
import { kerberosPackage } from './kerberos-package.ts';

/** What other processes know of a secured HDFS. */
export interface SecureHadoopFacts {
  /** Of WebHDFS: `http://localhost:…/webhdfs/v1`. */
  readonly url: string;
  /** `hdfs://localhost:…`. */
  readonly fileSystem: string;
  readonly kdc: KdcFacts;
  /** For `NODE_PATH`. */
  readonly packages: string;
  /** Keytabs: of all servers; `etl` may do everything, `guest` nothing; tickets of `brief` live ten seconds. */
  readonly keytabs: { readonly servers: string; readonly etl: string; readonly guest: string; readonly brief: string };
}

/** How long delegation tokens live, milliseconds: short enough that a test sees both ends. */
export const RENEW_INTERVAL_MS = 8000;
export const MAX_LIFE_MS = 24_000;

const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';

/** A real HDFS with Kerberos and block access tokens, and its KDC. Fails with the end of their logs. */
export async function startSecureHadoop(): Promise<SecureHadoopFacts & AsyncDisposable> {
  const packages = await kerberosPackage();
  const kdc = await Kdc.start();
  const home = await HadoopHome.open(serviceHome('secure'));
  const servers: Record<string, ServerProcess> = {};
  const dispose = async (): Promise<void> => {
    await Promise.all(Object.values(servers).map((server) => server[Symbol.asyncDispose]()));
    rmSync(home.path, { recursive: true, force: true });
    await kdc[Symbol.asyncDispose]();
  };
  try {
    const keytab = kdc.keytab('servers', ['nn/localhost', 'dn/localhost', 'HTTP/localhost', 'httpfs/localhost']);
    const keytabs = {
      servers: keytab,
      etl: kdc.keytab('etl', ['etl']),
      guest: kdc.keytab('guest', ['guest']),
      brief: kdc.keytab('brief', ['brief'], '10 seconds'),
    };
    const [rpc, http] = [await freePort(), await freePort()];
    const fileSystem = `hdfs://localhost:${rpc}`;
    writeFileSync(join(home.path, 'signature'), 'only for tests');
    home.write('core-site.xml', {
      'fs.defaultFS': fileSystem,
      'hadoop.security.authentication': 'kerberos',
      'hadoop.security.authorization': 'true',
      'hadoop.user.group.static.mapping.overrides': 'etl=supergroup;brief=supergroup;guest=guests;nn=supergroup;dn=dn',
      // A DataNode that says nothing to the NameNode for so long must show the token again.
      'ipc.client.connection.maxidletime': '1000',
      'hadoop.proxyuser.httpfs.hosts': '*',
      'hadoop.proxyuser.httpfs.groups': '*',
      'hadoop.http.authentication.type': 'kerberos',
      'hadoop.http.authentication.signature.secret.file': join(home.path, 'signature'),
      'hadoop.http.authentication.kerberos.principal': `HTTP/localhost@${REALM}`,
      'hadoop.http.authentication.kerberos.keytab': keytab,
    });
    const loopback = Object.entries(await dataNodeProperties(home.path)).map(([key, value]) => [
      key,
      value.replace('127.0.0.1', 'localhost'),
    ]);
    home.write('hdfs-site.xml', {
      ...Object.fromEntries(loopback),
      'dfs.namenode.name.dir': `file://${home.path}/name`,
      'dfs.namenode.http-address': `localhost:${http}`,
      'dfs.namenode.kerberos.principal': `nn/localhost@${REALM}`,
      'dfs.namenode.keytab.file': keytab,
      'dfs.datanode.kerberos.principal': `dn/localhost@${REALM}`,
      'dfs.datanode.keytab.file': keytab,
      'dfs.web.authentication.kerberos.principal': `HTTP/localhost@${REALM}`,
      'dfs.web.authentication.kerberos.keytab': keytab,
      'dfs.block.access.token.enable': 'true',
      // Else a DataNode wants ports below 1024, or SASL and TLS.
      'ignore.secure.ports.for.testing': 'true',
      'dfs.namenode.delegation.token.renew-interval': String(RENEW_INTERVAL_MS),
      'dfs.namenode.delegation.token.max-lifetime': String(MAX_LIFE_MS),
    });
    home.writeText(
      'log4j.properties',
      `log4j.rootLogger=WARN,C
log4j.logger.org.apache.hadoop.hdfs.server.datanode.DataNode=INFO
log4j.logger.org.apache.hadoop.security.token.delegation=INFO
log4j.appender.C=org.apache.log4j.ConsoleAppender
log4j.appender.C.layout=org.apache.log4j.SimpleLayout
`,
    );
    const java = { 'java.security.krb5.conf': kdc.configuration };
    await home.run(NAME_NODE, ['-format', '-nonInteractive', '-force'], java);
    servers['name'] = home.start('name', NAME_NODE, [], java);
    servers['data'] = home.start('data', DATA_NODE, [], java);
    // Its metrics, too, are only for those who signed in: the DataNode's log says that the NameNode took it.
    await untilReady('the secured Hadoop', servers, async () =>
      readFileSync(join(home.path, 'data.log'), 'utf8').includes('successfully registered with NN'),
    );
    return {
      url: `http://localhost:${http}/webhdfs/v1`,
      fileSystem,
      kdc: { home: kdc.home, port: kdc.port },
      packages,
      keytabs,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
