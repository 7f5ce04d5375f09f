import { posix } from 'node:path';
import { nearest } from './nearest.ts';

/** `hdfs://lake/warehouse/x` in parts; `path` is normalized and starts with `/`. */
export interface HdfsPath {
  /** Name of a connection. */
  readonly connection: string;
  readonly path: string;
}

/** The parts of an `hdfs://` path, or null where it is no such path. */
export function parseHdfsPath(text: string): HdfsPath | null {
  const match = /^hdfs:\/\/([^/]*)(.*)$/is.exec(text);
  if (match === null) return null;
  return { connection: match[1] ?? '', path: posix.normalize(`/${match[2] ?? ''}`) };
}

/** What is wrong with an `hdfs://` path where these connections (by name, with their types) are declared; null = nothing. */
export function hdfsPathProblem(
  { connection, path }: HdfsPath,
  declared: Readonly<Record<string, { readonly type: string }>>,
): { readonly message: string; readonly hint: string } | null {
  const names = Object.keys(declared).filter((name) => declared[name]?.type === 'webhdfs');
  const known = names.length === 0 ? 'no webhdfs connection is declared' : `declared: ${names.join(', ')}`;
  const lesson = 'What follows hdfs:// is the name of a connection, not a host and port.';
  if (connection === '') {
    return { message: `the path names no connection; ${known}`, hint: `${lesson} Write hdfs://<connection>/….` };
  }
  const type = Object.hasOwn(declared, connection) ? declared[connection]?.type : undefined;
  if (type === undefined) {
    const like = nearest(connection, names);
    const declare = `Declare it under connections: "<name>": { "type": "webhdfs", "url": "http://${connection.replace(/:\d+$/, '')}:9870" }.`;
    const hint = like === null ? `${lesson} ${declare}` : `${lesson} Did you mean hdfs://${like}/…?`;
    return { message: `there is no connection ${JSON.stringify(connection)}; ${known}`, hint };
  }
  if (type !== 'webhdfs') {
    const message = `the connection ${connection} is of type ${type}, hdfs:// needs one of type webhdfs; ${known}`;
    return { message, hint: lesson };
  }
  const odd = path.split('/').find((name) => name.includes(':'));
  if (odd === undefined) return null;
  return { message: `HDFS allows no colon in names, and one stands in ${JSON.stringify(odd)}`, hint: 'Rename it.' };
}

/** An `hdfs://` path as it is compared and shown: normalized, without a slash at its end. */
export function formatHdfsPath({ connection, path }: HdfsPath): string {
  return `hdfs://${connection}${path === '/' ? '' : path.replace(/\/$/, '')}`;
}
