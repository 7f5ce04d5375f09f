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

/** What a connection must show to be compared with a path. */
interface DeclaredConnection {
  readonly type: string;
  readonly url?: string | readonly string[] | undefined;
}

/** What is wrong with an `hdfs://` path where these connections (by name) are declared; null = nothing. */
export function hdfsPathProblem(
  { connection, path }: HdfsPath,
  declared: Readonly<Record<string, DeclaredConnection>>,
): { readonly message: string; readonly hint: string } | null {
  const names = Object.keys(declared).filter((name) => declared[name]?.type === 'webhdfs');
  const known = names.length === 0 ? 'no webhdfs connection is declared' : `declared: ${names.join(', ')}`;
  const lesson = 'What follows hdfs:// is the name of a connection, not a host and port.';
  const meant = (name: string): string => `hdfs://${name}${path}`;
  if (connection === '') {
    const [only] = names;
    const write = only !== undefined && names.length === 1 ? meant(only) : 'hdfs://<connection>/…';
    return { message: `the path names no connection; ${known}`, hint: `${lesson} Write ${write}.` };
  }
  const type = Object.hasOwn(declared, connection) ? declared[connection]?.type : undefined;
  if (type === undefined) {
    // what stands before an @ may be a password
    const message = `there is no connection ${JSON.stringify(connection.replace(/^.*@/, '…@'))}; ${known}`;
    const server = names.find((name) => hasServer(declared[name], connection));
    if (server !== undefined) {
      return {
        message,
        hint: `${lesson} ${hostOf(connection)} is a server of the connection ${server}: write ${meant(server)}.`,
      };
    }
    const like = names.find((name) => name === hostOf(connection)) ?? nearest(connection, names);
    if (like !== null) return { message, hint: `${lesson} Did you mean ${meant(like)}?` };
    const [only] = names;
    if (only !== undefined && looksLikeHost(connection)) {
      const write = names.length === 1 ? meant(only) : `hdfs://<connection>${path}`;
      const more = `or declare the cluster of ${hostOf(connection)}: ${declaration(hostOf(connection))}`;
      return { message, hint: `${lesson} Write ${write}, ${more}.` };
    }
    return { message, hint: `${lesson} Declare it under connections: ${declaration(hostOf(connection), connection)}.` };
  }
  if (type !== 'webhdfs') {
    const message = `the connection ${connection} is of type ${type}, hdfs:// needs one of type webhdfs; ${known}`;
    return { message, hint: lesson };
  }
  const odd = path.split('/').find((name) => name.includes(':'));
  if (odd === undefined) return null;
  return { message: `HDFS allows no colon in names, and one stands in ${JSON.stringify(odd)}`, hint: 'Rename it.' };
}

/** How a cluster with this NameNode is declared. */
function declaration(host: string, connection = '<name>'): string {
  const name = looksLikeHost(connection) && connection !== '<name>' ? '<name>' : connection;
  const server = looksLikeHost(host) ? host : '<namenode>';
  return `"${name}": { "type": "webhdfs", "url": "http://${server}:9870", "user": "…" }`;
}

function looksLikeHost(text: string): boolean {
  return /[.:]/.test(text) || /^(nn|namenode|localhost)\d*$/i.test(text);
}

/** Without user-info and port, which belong into the connection. */
function hostOf(authority: string): string {
  return authority.replace(/^.*@/, '').replace(/:\d+$/, '');
}

function hasServer(connection: DeclaredConnection | undefined, authority: string): boolean {
  const { url = [] } = connection ?? {};
  const host = hostOf(authority).toLowerCase();
  return (typeof url === 'string' ? [url] : url).some((each) => URL.canParse(each) && new URL(each).hostname === host);
}

/** What is wrong with a text that is meant as an `hdfs://` path and is none (`hdfs:/x`); null = nothing. */
export function nearHdfsProblem(text: string): { readonly message: string; readonly hint: string } | null {
  if (!/^hdfs:(?!\/\/)/i.test(text)) return null;
  const rest = text.replace(/^\w+:\/*/, '');
  return {
    message: 'the path begins with hdfs: and not with hdfs://',
    hint: `Write hdfs://<connection>/${rest.slice(rest.indexOf('/') + 1)}: the name of a declared connection, which says where its servers are.`,
  };
}

/** An `hdfs://` path as it is compared and shown: normalized, without a slash at its end. */
export function formatHdfsPath({ connection, path }: HdfsPath): string {
  return `hdfs://${connection}${path === '/' ? '' : path.replace(/\/$/, '')}`;
}
