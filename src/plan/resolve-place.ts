import { resolve } from 'node:path';
import type { Connection } from '../metadata/connection-schema.ts';
import { formatHdfsPath, hdfsPathProblem, nearHdfsProblem, parseHdfsPath } from '../metadata/hdfs-path.ts';
import { schemeOf } from '../metadata/path-scheme.ts';
import type { Templates } from './templates.ts';

/** What paths are resolved against. */
export interface Places {
  /** Absolute: the folder that holds metadata/. */
  readonly root: string;
  readonly connections: Readonly<Record<string, Connection>>;
}

/** A path with its run variables filled in, absolute, or on a declared connection; what is wrong with it is noted at `key`. */
export function resolvePlace(path: string, key: string, { root, connections }: Places, templates: Templates): string {
  if (path.includes('\0')) templates.refuse(key, 'path holds a NUL character', 'Write a path without it.');
  const hdfs = parseHdfsPath(path);
  if (hdfs !== null) {
    const problem = hdfsPathProblem(hdfs, connections);
    if (problem !== null) templates.refuse(key, problem.message, problem.hint);
    return formatHdfsPath(hdfs);
  }
  const near = nearHdfsProblem(path);
  if (near !== null) templates.refuse(key, near.message, near.hint);
  const scheme = near === null ? schemeOf(path) : null;
  if (scheme !== null) {
    const hint = 'Write a local path, or hdfs://<connection>/….';
    templates.refuse(key, `path is on ${scheme}://, which is not supported`, hint);
  }
  return resolve(root, path);
}
