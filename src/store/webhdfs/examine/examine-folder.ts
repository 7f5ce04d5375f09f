import { posix } from 'node:path';
import { AtlasError } from '../../../errors.ts';
import { type Found, failed, well } from '../../examine/finding.ts';
import { isMissing } from '../call/is-missing.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { askServer } from './ask-server.ts';

/** The nearest folder on the way to a target that exists. */
export interface NearFolder {
  readonly path: string;
  /** `etl:hadoop drwxr-xr-x`, for people. */
  readonly owner: string;
}

interface Status {
  readonly type: string;
  readonly owner: string;
  readonly group: string;
  readonly permission: string;
}

/** Finds the folder that a run writes into, or makes its folders in. */
export async function examineFolder(nodes: NameNodes, folder: string, signal: AbortSignal): Promise<Found<NearFolder>> {
  const root = `hdfs://${nodes.plan.name}`;
  let path = folder;
  let status = await statusOf(nodes, path, signal);
  while (status === null && path !== root) {
    path = posix.dirname(path);
    status = await statusOf(nodes, path, signal);
  }
  if (status === null) return failed('ATLAS_HDFS_PROTOCOL', `${root} has no root folder`, 'Check the path of url.');
  if (status.type !== 'DIRECTORY') {
    const hint = 'Choose another path, or move the file away.';
    return failed('ATLAS_TARGET_KIND', `${path} is a file, and a folder is needed there`, hint);
  }
  const owner = `${status.owner}:${status.group} ${modeText(status.permission)}`;
  const missing = path === folder ? 'is there' : `is missing, a run makes it; ${path} is there`;
  return well(`${folder} ${missing} (${owner})`, { path, owner });
}

async function statusOf(nodes: NameNodes, path: string, signal: AbortSignal): Promise<Status | null> {
  try {
    return await askServer<Status>(nodes, { op: 'GETFILESTATUS', path, key: 'FileStatus' }, signal);
  } catch (error) {
    if (error instanceof AtlasError && isMissing(error)) return null;
    throw error;
  }
}

/** `drwxr-x---` of `750`. */
function modeText(octal: string): string {
  const bits = Number.parseInt(octal, 8);
  const letters = [...'rwxrwxrwx'].map((letter, at) => (bits & (0o400 >> at) ? letter : '-'));
  if (bits & 0o1000) letters[8] = letters[8] === 'x' ? 't' : 'T';
  return `d${letters.join('')}`;
}
