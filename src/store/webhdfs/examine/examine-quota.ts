import { posix } from 'node:path';
import { AtlasError } from '../../../errors.ts';
import { doubtful, type Found, failed, untold, well } from '../../examine/finding.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { askServer, isUnknownOperation } from './ask-server.ts';
import { byteText } from './byte-text.ts';

interface Usage {
  readonly quota: number;
  readonly spaceQuota: number;
  readonly spaceConsumed: number;
  readonly fileAndDirectoryCount: number;
}

interface Summary extends Omit<Usage, 'fileAndDirectoryCount'> {
  readonly fileCount: number;
  readonly directoryCount: number;
}

/** What a first block asks for where nothing else is declared: three copies of 128 MiB, however short the file is. */
const BLOCK_BYTES = 128 * 1024 * 1024;
const COPIES = 3;
/** Files, folders, locks and drafts that a run makes at the same time. */
const NAMES = 10;
/** Nothing is set. */
const UNSET = 2 ** 62;

/** What the quotas of a folder and of those above it leave. */
export async function examineQuota(nodes: NameNodes, folder: string, signal: AbortSignal): Promise<Found<true>> {
  const root = `hdfs://${nodes.plan.name}`;
  const said: string[] = [];
  let tight: Found<true> | null = null;
  for (let path = folder; ; path = posix.dirname(path)) {
    let usage: Usage | null;
    try {
      usage = await usageOf(nodes, path, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AtlasError)) throw error;
      return untold(`nobody tells the quota of ${path}: ${error.message}`);
    }
    if (usage === null) return untold('this server knows neither GETQUOTAUSAGE nor GETCONTENTSUMMARY');
    tight ??= tightest(usage, path, nodes);
    said.push(...described(usage, path));
    if (path === root) break;
  }
  return tight ?? well(said.length === 0 ? 'no quota is set on the way' : said.join('; '), true);
}

async function usageOf(nodes: NameNodes, path: string, signal: AbortSignal): Promise<Usage | null> {
  try {
    return await askServer<Usage>(nodes, { op: 'GETQUOTAUSAGE', path, key: 'QuotaUsage' }, signal);
  } catch (error) {
    if (!isUnknownOperation(error)) throw error;
  }
  try {
    const all = await askServer<Summary>(nodes, { op: 'GETCONTENTSUMMARY', path, key: 'ContentSummary' }, signal);
    return { ...all, fileAndDirectoryCount: all.fileCount + all.directoryCount };
  } catch (error) {
    if (!isUnknownOperation(error)) throw error;
    return null;
  }
}

function described({ quota, spaceQuota, spaceConsumed, fileAndDirectoryCount: count }: Usage, path: string): string[] {
  const parts: string[] = [];
  if (spaceQuota >= 0) parts.push(`${byteText(spaceQuota - spaceConsumed)} of ${byteText(spaceQuota)} left`);
  if (quota >= 0 && quota < UNSET) parts.push(`${quota - count} of ${quota} names left`);
  return parts.length === 0 ? [] : [`${path}: ${parts.join(', ')}`];
}

function tightest(usage: Usage, path: string, { plan }: NameNodes): Found<true> | null {
  const [said] = described(usage, path);
  if (said === undefined) return null;
  const { quota, spaceQuota, spaceConsumed, fileAndDirectoryCount: count } = usage;
  const space = spaceQuota < 0 ? Number.POSITIVE_INFINITY : spaceQuota - spaceConsumed;
  const names = quota < 0 || quota >= UNSET ? Number.POSITIVE_INFINITY : quota - count;
  const path0 = path.replace(`hdfs://${plan.name}`, '') || '/';
  if (space <= 0 || names <= 0) {
    const set = space <= 0 ? `-setSpaceQuota <bytes> ${path0}` : `-setQuota <names> ${path0}`;
    const hint = `Remove what is not needed, or have an administrator raise it: hdfs dfsadmin ${set}.`;
    return failed('ATLAS_STORE_SPACE', `the quota is used up: ${said}`, hint);
  }
  const block = (plan.blockSize ?? BLOCK_BYTES) * (plan.replication ?? COPIES);
  if (space < block) {
    const hint = `HDFS asks for whole blocks, times their copies, when a file is begun: up to ${byteText(block)}, however little is written. Raise it (hdfs dfsadmin -setSpaceQuota <bytes> ${path0}), or declare a smaller block_size or replication.`;
    return doubtful(`the quota leaves less than a block: ${said}`, hint, true);
  }
  if (names < NAMES) {
    return doubtful(`the quota leaves few names: ${said}`, `Raise it: hdfs dfsadmin -setQuota <names> ${path0}.`, true);
  }
  return null;
}
