import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { runQuietly } from '../run-quietly.ts';
import { hadoopClassPath } from './class-path.ts';

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
  /** Runs a main class of Hadoop (`org.apache.hadoop.fs.FsShell`) against this file system. */
  run(mainClass: string, args: readonly string[]): Promise<void>;
}

/** JAXB, which serves WebHDFS's answers, looks into java.lang: Java 17 must be told to let it. */
const JAVA = ['-Xmx256m', '--add-opens', 'java.base/java.lang=ALL-UNNAMED'];
const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';
/** The jars lack these folders, and the servers do not start without them. */
const WEB_APPS = ['hdfs', 'datanode', 'secondary', 'static'];
const READY_MS = 120_000;

/** Formats and starts both, and waits until the DataNode has reported. Fails with the end of their logs. */
export async function startHadoop(): Promise<Hadoop> {
  const classPath = await hadoopClassPath();
  const home = mkdtempSync(join(tmpdir(), 'atlas-hadoop-'));
  const [rpc, http, data, dataHttp, dataRpc] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const fileSystem = `hdfs://127.0.0.1:${rpc}`;
  configure(home, fileSystem, {
    'dfs.namenode.name.dir': `file://${home}/name`,
    'dfs.datanode.data.dir': `file://${home}/data`,
    'dfs.namenode.http-address': `127.0.0.1:${http}`,
    'dfs.datanode.address': `127.0.0.1:${data}`,
    'dfs.datanode.http.address': `127.0.0.1:${dataHttp}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${dataRpc}`,
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.namenode.datanode.registration.ip-hostname-check': 'false',
    'dfs.replication': '1',
  });
  const java = javaArguments(home, classPath);
  const processes: ChildProcess[] = [];
  const dispose = async (): Promise<void> => {
    for (const child of processes) child.kill('SIGKILL');
    await Promise.all(processes.map(ended));
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await runQuietly('java', java(NAME_NODE, ['-format', '-nonInteractive', '-force']));
    for (const [name, mainClass] of [
      ['name', NAME_NODE],
      ['data', DATA_NODE],
    ] as const) {
      const log = openSync(join(home, `${name}.log`), 'w');
      processes.push(spawn('java', java(mainClass, []), { stdio: ['ignore', log, log] }));
      closeSync(log);
    }
    await ready(`http://127.0.0.1:${http}`, home, processes);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${http}/webhdfs/v1`,
    fileSystem,
    home,
    nameNodePid: processes[0]?.pid ?? 0,
    dataNodePid: processes[1]?.pid ?? 0,
    run: (mainClass, args) => runQuietly('java', java(mainClass, args)),
    [Symbol.asyncDispose]: dispose,
  };
}

/** A Hadoop that another process started and will stop: what `startHadoop` answered there, as JSON. */
export async function attachHadoop(facts: string): Promise<Hadoop> {
  const known = JSON.parse(facts) as Pick<Hadoop, 'url' | 'fileSystem' | 'home' | 'nameNodePid' | 'dataNodePid'>;
  const java = javaArguments(known.home, await hadoopClassPath());
  return {
    ...known,
    run: (mainClass, args) => runQuietly('java', java(mainClass, args)),
    [Symbol.asyncDispose]: async () => {},
  };
}

function javaArguments(home: string, classPath: string) {
  const path = `${join(home, 'conf')}${delimiter}${classPath}`;
  return (mainClass: string, args: readonly string[]): string[] => [...JAVA, '-cp', path, mainClass, ...args];
}

function configure(home: string, fileSystem: string, hdfs: Readonly<Record<string, string>>): void {
  const conf = join(home, 'conf');
  for (const app of WEB_APPS) mkdirSync(join(conf, 'webapps', app, 'WEB-INF'), { recursive: true });
  const property = ([name, value]: [string, string]): string =>
    `<property><name>${name}</name><value>${value}</value></property>`;
  const document = (entries: Readonly<Record<string, string>>): string =>
    `<configuration>${Object.entries(entries).map(property).join('')}</configuration>`;
  writeFileSync(join(conf, 'core-site.xml'), document({ 'fs.defaultFS': fileSystem }));
  writeFileSync(join(conf, 'hdfs-site.xml'), document(hdfs));
  writeFileSync(
    join(conf, 'log4j.properties'),
    'log4j.rootLogger=WARN,C\nlog4j.appender.C=org.apache.log4j.ConsoleAppender\nlog4j.appender.C.layout=org.apache.log4j.SimpleLayout\n',
  );
}

async function ready(url: string, home: string, processes: readonly ChildProcess[]): Promise<void> {
  const until = performance.now() + READY_MS;
  const query = `${url}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystem`;
  while (performance.now() < until) {
    if (processes.some(({ exitCode }) => exitCode !== null)) break;
    const text = await fetch(query).then(
      (answer) => answer.text(),
      () => '',
    );
    if (/"NumLiveDataNodes" : 1/.test(text) && !(await inSafeMode(url))) return;
    await sleep(300);
  }
  const logs = ['name', 'data'].map(
    (name) => `${name}: ${readFileSync(join(home, `${name}.log`), 'utf8').slice(-2000)}`,
  );
  throw new Error(`Hadoop did not start:\n${logs.join('\n')}`);
}

async function inSafeMode(url: string): Promise<boolean> {
  const query = `${url}/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo`;
  const { beans } = (await (await fetch(query)).json()) as { beans: readonly { readonly Safemode?: string }[] };
  return (beans[0]?.Safemode ?? '') !== '';
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
}
