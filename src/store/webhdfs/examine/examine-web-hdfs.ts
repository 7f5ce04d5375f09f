import { doubtful, type Found, failed, untold, well } from '../../examine/finding.ts';
import { type Step, tellStep } from '../../examine/tell-step.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { readPlan, type WebHdfsConnection } from '../read-plan.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import { WebHdfsStore } from '../web-hdfs-store.ts';
import { Canary } from './canary.ts';
import { examineAccess } from './examine-access.ts';
import { examineDataNode } from './examine-data-node.ts';
import { examineFolder } from './examine-folder.ts';
import { examineQuota } from './examine-quota.ts';
import { examineServer, type Server } from './examine-server.ts';
import { examineSpace } from './examine-space.ts';
import { examineTls } from './examine-tls.ts';
import { openNodes } from './open-nodes.ts';

/** What is to be tried, besides the servers themselves. */
export interface ExamineOptions {
  /** Names (`hdfs://lake/…`) of folders that are written into; they need not exist yet. */
  readonly targets: readonly string[];
  /** Names of folders that are read. */
  readonly sources: readonly string[];
  /** Whether a canary file may be written. */
  readonly write: boolean;
  /** Id of the run, for the canary's name. */
  readonly run: string;
  readonly signal: AbortSignal;
}

/** Attempts of a call while examining: patience hides what is to be found. */
const ATTEMPTS = 2;

/** Tries a connection step by step: each server by itself, then, through the one that is active, the folders and a canary file. */
export async function* examineWebHdfs(connection: WebHdfsConnection, options: ExamineOptions): AsyncGenerator<Step> {
  const { signal } = options;
  let plan: WebHdfsPlan | null = null;
  if (connection.caFile !== null) {
    plan = yield* tellStep(
      null,
      'tls.ca',
      async () => well(`${connection.caFile} is read`, await readPlan(connection)),
      signal,
    );
  } else plan = await readPlan(connection);
  if (plan === null) return;
  const servers: Server[] = [];
  for (const url of plan.urls)
    servers.push(yield* examineServer(connection, { ...plan, urls: [url], attempts: 1 }, signal));
  const active = servers.find(({ state }) => state === 'active');
  if (servers.length > 1 || servers[0]?.state === 'standby') {
    yield* tellStep(null, 'active', async () => whoIsActive(servers), signal);
  }
  if (active === undefined) return;
  yield* examineUse(connection, { ...plan, urls: [active.url], attempts: ATTEMPTS }, active.user, options);
}

function whoIsActive(servers: readonly Server[]): Found<true> {
  const said = servers
    .map(
      ({ host, state }) =>
        `${host} ${state === null ? 'cannot be used' : `is ${state === 'active' ? 'active' : 'on standby'}`}`,
    )
    .join(', ');
  if (servers.every(({ state }) => state === 'standby')) {
    const hint =
      'Is one missing in url? "hdfs haadmin -getAllServiceState" shows all; an administrator makes one active by "-failover".';
    return failed('ATLAS_HDFS_UNAVAILABLE', `there is no active NameNode: ${said}`, hint);
  }
  // the steps that failed say why
  if (!servers.some(({ state }) => state === 'active')) return untold(`no server can be worked with: ${said}`);
  if (servers.every(({ state }) => state !== null)) return well(said, true);
  return doubtful(said, 'Runs work, but the next failover will stop them.', true);
}

async function* examineUse(
  connection: WebHdfsConnection,
  plan: WebHdfsPlan,
  who: string | null,
  { targets, sources, write, run, signal }: ExamineOptions,
): AsyncGenerator<Step> {
  await using opened = await openNodes(connection, plan);
  const { nodes } = opened;
  yield* tellStep(null, 'space', () => examineSpace(nodes, signal), signal);
  for (const source of sources) {
    const near = yield* tellStep(null, 'source', () => examineFolder(nodes, source, signal), signal);
    if (near !== null) yield* tellStep(null, 'access', () => examineAccess(nodes, near, 'r-x', who, signal), signal);
  }
  if (write && targets.length === 0) {
    const nothing = untold('nothing here is said to be written there: no canary file is (--folder names where)');
    yield* tellStep(null, 'write', async () => nothing, signal);
  }
  const store = new WebHdfsStore(nodes);
  const done = new Set<string>();
  for (const target of targets) {
    const near = yield* tellStep(null, 'folder', () => examineFolder(nodes, target, signal), signal);
    if (near === null || done.has(near.path)) continue;
    done.add(near.path);
    yield* tellStep(null, 'quota', () => examineQuota(nodes, near.path, signal), signal);
    const may = yield* tellStep(
      null,
      'access',
      async () => {
        const found = await examineAccess(nodes, near, '-wx', who, signal);
        return { ...found, facts: found.finding.outcome === 'failed' ? null : true };
      },
      signal,
    );
    if (may === null) continue;
    const canary = new Canary(store, near.path, run);
    if (write) yield* examineCanary(canary, nodes, signal);
    else yield* tellStep(null, 'write', async () => untold('no file is written (--read-only)'), signal);
  }
}

async function* examineCanary(canary: Canary, nodes: NameNodes, signal: AbortSignal): AsyncGenerator<Step> {
  try {
    if (nodes.plan.api === 'webhdfs') {
      const to = yield* tellStep(null, 'datanode', () => examineDataNode(nodes, canary.path, signal), signal);
      if (to === null) return;
      if (to.protocol === 'https:') {
        const trusted = yield* tellStep(to.host, 'tls', () => examineTls(to, nodes.plan, signal), signal);
        if (trusted === null) return;
      }
    }
    const written = yield* tellStep(null, 'write', () => canary.write(signal), signal);
    if (written !== null) {
      yield* tellStep(null, 'checksum', () => canary.prove(signal), signal);
      const renamed = yield* tellStep(null, 'rename', () => canary.rename(signal), signal);
      if (renamed !== null) yield* tellStep(null, 'read', () => canary.read(signal), signal);
    }
    yield* tellStep(null, 'remove', () => canary.remove(signal), signal);
  } finally {
    await canary.clear();
  }
}
