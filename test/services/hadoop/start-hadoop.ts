import { rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { freePort } from '../free-port.ts';
import type { ServerProcess } from '../server-process.ts';
import { serviceHome } from '../service-home.ts';
import { untilReady } from '../until-ready.ts';
import { HadoopHome, type Properties } from './hadoop-home.ts';
import { servesFiles } from './serves-files.ts';

/** A real HDFS of one NameNode and one DataNode on loopback. */
export interface Hadoop extends AsyncDisposable {
  /** Of WebHDFS: `http://127.0.0.1:…/webhdfs/v1`. */
  readonly url: string;
  /** `hdfs://127.0.0.1:…`, for the Java client. */
  readonly fileSystem: string;
  /** Folder of its configuration, data and logs. */
  readonly home: string;
  readonly nameNodePid: number;
  readonly dataNodePid: number;
  /** Runs a main class of Hadoop (`org.apache.hadoop.fs.FsShell`) against this file system; answers what it printed. */
  run(mainClass: string, args: readonly string[]): Promise<string>;
}

/** A Hadoop as another process may know it. */
export type HadoopFacts = Pick<Hadoop, 'url' | 'fileSystem' | 'home' | 'nameNodePid' | 'dataNodePid'>;

/** What differs from the one that tests share. */
export interface HadoopOptions {
  /** Of `core-site.xml`, over what stands there anyway. */
  readonly core?: Properties;
  /** Of `hdfs-site.xml`. */
  readonly hdfs?: Properties;
  /** Further files of the configuration. */
  readonly files?: Readonly<Record<string, Properties>>;
  /** Where the NameNode's web server is, if `hdfs` puts it elsewhere. */
  readonly web?: string;
  /** Options of the Java machines, instead of those that make them small. */
  readonly java?: readonly string[];
}

const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';

/** Formats and starts both, and waits until the DataNode has reported. Fails with the end of their logs. */
export async function startHadoop(options: HadoopOptions = {}): Promise<Hadoop> {
  const { core = {}, hdfs = {}, files = {}, java } = options;
  const home = await HadoopHome.open(serviceHome('hadoop'), undefined, java);
  const [rpc, http] = [await freePort(), await freePort()];
  const fileSystem = `hdfs://127.0.0.1:${rpc}`;
  home.write('core-site.xml', { 'fs.defaultFS': fileSystem, ...mayActForOthers(), ...core });
  home.write('hdfs-site.xml', {
    ...(await dataNodeProperties(home.path)),
    'dfs.namenode.name.dir': `file://${home.path}/name`,
    'dfs.namenode.http-address': `127.0.0.1:${http}`,
    ...hdfs,
  });
  for (const [name, properties] of Object.entries(files)) home.write(name, properties);
  const web = options.web ?? `http://127.0.0.1:${http}`;
  const servers: Record<string, ServerProcess> = {};
  const dispose = async (): Promise<void> => {
    await Promise.all(Object.values(servers).map((server) => server[Symbol.asyncDispose]()));
    rmSync(home.path, { recursive: true, force: true });
  };
  try {
    await home.run(NAME_NODE, ['-format', '-nonInteractive', '-force']);
    servers['name'] = home.start('name', NAME_NODE);
    servers['data'] = home.start('data', DATA_NODE);
    await untilReady('Hadoop', servers, () => servesFiles(web));
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    url: `${web}/webhdfs/v1`,
    fileSystem,
    home: home.path,
    nameNodePid: servers['name'].pid,
    dataNodePid: servers['data'].pid,
    run: (mainClass, args) => home.run(mainClass, args),
    [Symbol.asyncDispose]: dispose,
  };
}

/** A Hadoop that another process started and will stop. */
export async function attachHadoop(facts: HadoopFacts): Promise<Hadoop> {
  const home = await HadoopHome.open(facts.home);
  return { ...facts, run: (mainClass, args) => home.run(mainClass, args), [Symbol.asyncDispose]: async () => {} };
}

/** Servers in front of HDFS, such as HttpFS, run as us and act for whoever asks: `core-site.xml`. */
export function mayActForOthers(): Properties {
  const user = userInfo().username;
  return { [`hadoop.proxyuser.${user}.hosts`]: '*', [`hadoop.proxyuser.${user}.groups`]: '*' };
}

/** What a small HDFS of one DataNode is configured with, whatever its NameNodes are: `hdfs-site.xml`. */
export async function dataNodeProperties(home: string): Promise<Properties> {
  const [data, http, rpc] = [await freePort(), await freePort(), await freePort()];
  return {
    'dfs.datanode.data.dir': `file://${home}/data`,
    'dfs.datanode.address': `127.0.0.1:${data}`,
    'dfs.datanode.http.address': `127.0.0.1:${http}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${rpc}`,
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
    'dfs.replication': '1',
    // Files of several blocks, without megabytes of test data.
    'dfs.namenode.fs-limits.min-block-size': '512',
  };
}
