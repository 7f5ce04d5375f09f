import { rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { hadoopClassPath } from '../hadoop/class-path.ts';
import { HadoopHome, type Properties } from '../hadoop/hadoop-home.ts';
import type { Hadoop } from '../hadoop/start-hadoop.ts';
import { serviceHome } from '../service-home.ts';
import { untilReady } from '../until-ready.ts';

/** A real HttpFS on loopback, in front of an HDFS. */
export interface HttpFs extends AsyncDisposable {
  /** `http://127.0.0.1:…/webhdfs/v1`. */
  readonly url: string;
  readonly pid: number;
}

const POM = fileURLToPath(new URL('./pom.xml', import.meta.url));
const SERVER = 'org.apache.hadoop.fs.http.server.HttpFSServerWebServer';

/** Starts it, and waits until it answers; `hdfs` = further properties of its `hdfs-site.xml`. Fails with the end of its log. */
export async function startHttpFs(hadoop: Pick<Hadoop, 'fileSystem'>, hdfs: Properties = {}): Promise<HttpFs> {
  const home = await HadoopHome.open(serviceHome('httpfs'), await hadoopClassPath(POM));
  const port = await freePort();
  const conf = join(home.path, 'conf');
  home.write('core-site.xml', { 'fs.defaultFS': hadoop.fileSystem });
  home.write('hdfs-site.xml', {
    'dfs.replication': '1',
    // There is one DataNode: an append that wants to replace it would fail.
    'dfs.client.block.write.replace-datanode-on-failure.policy': 'NEVER',
    ...hdfs,
  });
  home.write('httpfs-site.xml', {
    'httpfs.http.hostname': '127.0.0.1',
    'httpfs.http.port': String(port),
    'httpfs.hadoop.config.dir': conf,
  });
  writeFileSync(join(conf, 'httpfs-signature.secret'), 'of tests\n');
  const server = home.start('httpfs', SERVER, [], {
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
  const url = `http://127.0.0.1:${port}/webhdfs/v1`;
  try {
    await untilReady('HttpFS', { httpfs: server }, async () => {
      const answer = await fetch(`${url}/?op=GETFILESTATUS&user.name=${userInfo().username}`);
      return answer.status === 200;
    });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { url, pid: server.pid, [Symbol.asyncDispose]: dispose };
}
