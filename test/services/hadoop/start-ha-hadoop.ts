import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import type { ServerProcess } from '../server-process.ts';
import { serviceHome } from '../service-home.ts';
import { untilReady } from '../until-ready.ts';
import { HadoopHome } from './hadoop-home.ts';
import { servesFiles, stateOf } from './serves-files.ts';
import { dataNodeProperties, mayActForOthers } from './start-hadoop.ts';

export type NameNodeId = 'nn1' | 'nn2';

/** A real HDFS of two NameNodes, one of them active or none, and one DataNode on loopback. */
export interface HaHadoop extends AsyncDisposable {
  /** Of WebHDFS, by NameNode. */
  readonly urls: Readonly<Record<NameNodeId, string>>;
  readonly pids: Readonly<Record<NameNodeId, number>>;
  /** Makes this one active and the other, if it runs, a standby; null = both standby. Resolves when it serves. */
  makeActive(id: NameNodeId | null): Promise<void>;
  /** Kills a NameNode; `start` brings it back as a standby. */
  kill(id: NameNodeId): Promise<void>;
  start(id: NameNodeId): Promise<void>;
}

const IDS = ['nn1', 'nn2'] as const;
const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';
const HA_ADMIN = 'org.apache.hadoop.hdfs.tools.DFSHAAdmin';

/** Starts them with their edits in a folder both see, fails over by hand, and makes `nn1` active. */
export async function startHaHadoop(): Promise<HaHadoop> {
  const home = await HadoopHome.open(serviceHome('ha'));
  const http = { nn1: await freePort(), nn2: await freePort() };
  const rpc = { nn1: await freePort(), nn2: await freePort() };
  const urls = { nn1: `http://127.0.0.1:${http.nn1}`, nn2: `http://127.0.0.1:${http.nn2}` };
  home.write('core-site.xml', {
    'fs.defaultFS': 'hdfs://pair',
    // Whoever asks a NameNode that is gone shall know it soon.
    'ipc.client.connect.max.retries': '1',
    'ipc.client.connect.retry.interval': '200',
    ...mayActForOthers(),
  });
  home.write('hdfs-site.xml', {
    ...(await dataNodeProperties(home.path)),
    'dfs.nameservices': 'pair',
    'dfs.ha.namenodes.pair': IDS.join(','),
    // Each is told which one it is: their addresses do not tell on one machine.
    'dfs.ha.namenode.id': '${atlas.namenode}',
    'dfs.namenode.shared.edits.dir': `file://${home.path}/shared`,
    'dfs.ha.fencing.methods': 'shell(/bin/true)',
    'dfs.client.failover.proxy.provider.pair':
      'org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider',
    'dfs.client.failover.sleep.base.millis': '100',
    'dfs.client.failover.sleep.max.millis': '1000',
    'dfs.ha.tail-edits.period': '1s',
    'dfs.heartbeat.interval': '1s',
    'dfs.namenode.safemode.extension': '0',
    ...Object.fromEntries(
      IDS.flatMap((id) => [
        [`dfs.namenode.name.dir.pair.${id}`, `file://${home.path}/${id}`],
        [`dfs.namenode.rpc-address.pair.${id}`, `127.0.0.1:${rpc[id]}`],
        [`dfs.namenode.http-address.pair.${id}`, `127.0.0.1:${http[id]}`],
      ]),
    ),
  });
  const servers: Record<string, ServerProcess> = {};
  const identity = (id: NameNodeId) => ({ 'atlas.namenode': id });
  const launch = async (id: NameNodeId): Promise<void> => {
    const server = home.start(id, NAME_NODE, [], identity(id));
    servers[id] = server;
    await untilReady(id, { [id]: server }, async () => ['active', 'standby'].includes(await stateOf(urls[id])));
  };
  const runs = (id: NameNodeId): boolean => servers[id] !== undefined && !servers[id].ended;
  const dispose = async (): Promise<void> => {
    await Promise.all(Object.values(servers).map((server) => server[Symbol.asyncDispose]()));
    rmSync(home.path, { recursive: true, force: true });
  };
  const makeActive = async (wanted: NameNodeId | null): Promise<void> => {
    const states = await Promise.all(IDS.map(async (id) => (runs(id) ? stateOf(urls[id]) : 'gone')));
    const active = IDS[states.indexOf('active')] ?? null;
    if (active !== wanted) await home.run(HA_ADMIN, transition(active, wanted), identity(wanted ?? 'nn1'));
    if (wanted !== null) await untilReady(wanted, servers, () => servesFiles(urls[wanted]));
  };
  try {
    await home.run(NAME_NODE, ['-format', '-nonInteractive', '-force'], identity('nn1'));
    // What a bootstrap would copy, without waiting for the first to serve.
    cpSync(join(home.path, 'nn1'), join(home.path, 'nn2'), { recursive: true });
    servers['data'] = home.start('data', DATA_NODE);
    await Promise.all(IDS.map(launch));
    await makeActive('nn1');
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    urls: { nn1: `${urls.nn1}/webhdfs/v1`, nn2: `${urls.nn2}/webhdfs/v1` },
    get pids() {
      return { nn1: servers['nn1']?.pid ?? 0, nn2: servers['nn2']?.pid ?? 0 };
    },
    makeActive,
    kill: async (id) => {
      await servers[id]?.[Symbol.asyncDispose]();
      delete servers[id];
    },
    start: launch,
    [Symbol.asyncDispose]: dispose,
  };
}

function transition(active: NameNodeId | null, wanted: NameNodeId | null): readonly string[] {
  if (wanted === null) return ['-transitionToStandby', String(active)];
  if (active === null) return ['-transitionToActive', '--forceactive', wanted];
  return ['-failover', active, wanted];
}
