import { isIP } from 'node:net';

/** What is wrong with the URL of a WebHDFS server, or odd about it. */
export interface UrlFinding {
  readonly severity: 'problem' | 'warning';
  readonly message: string;
  readonly hint: string;
}

const USUAL_PATH = '/webhdfs/v1';
const EXAMPLE = 'http://nn1:9870';
/** Ports of Hadoop's RPC, which is another protocol. */
const RPC_PORTS: ReadonlySet<string> = new Set(['8020', '8021', '8022']);
const HTTP_PORTS: ReadonlySet<string> = new Set(['9870', '50070']);
const HTTPS_PORTS: ReadonlySet<string> = new Set(['9871', '50470']);
const DATA_NODE_PORTS: ReadonlySet<string> = new Set(['9864', '9865', '9866', '50075', '50475', '50010']);
const PORTS = 'WebHDFS is at 9870 (https: 9871), in Hadoop 2 at 50070, HttpFS at 14000';

/** Looks at the URL of a NameNode or gateway, without asking anybody; null where nothing is wrong. Never quotes user-info. */
export function serverUrlProblem(text: string): UrlFinding | null {
  const problem = (message: string, hint: string): UrlFinding => ({ severity: 'problem', message, hint });
  if (text !== text.trim()) return problem('the URL begins or ends with a blank', 'Remove it.');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const host = /^[\w.-]+(:\d+)?/.exec(text)?.[0] ?? '';
    const meant = host === '' ? EXAMPLE : `http://${withHttpPort(host)}`;
    return problem(
      `the URL ${quoted(text)} has no http:// or https:// before its host`,
      `Write ${JSON.stringify(meant)}.`,
    );
  }
  if (scheme === 'hdfs' || scheme === 'webhdfs' || scheme === 'swebhdfs') return foreignScheme(text, scheme);
  if (scheme !== 'http' && scheme !== 'https') {
    return problem(
      `the URL begins with ${scheme}://, and WebHDFS is http or https`,
      `Write ${JSON.stringify(EXAMPLE)}.`,
    );
  }
  if (!URL.canParse(text)) return problem(`${quoted(text)} is no URL`, `Write ${JSON.stringify(EXAMPLE)}.`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    const hint = 'Take it out, and declare "user"; or "token" or "kerberos", where the cluster asks for proof.';
    return problem('the URL names a user before its host, which WebHDFS does not know', hint);
  }
  if (url.search !== '' || url.hash !== '') {
    return problem('the URL goes on after its path (? or #)', 'End it with the path: every call adds its own.');
  }
  return portProblem(url) ?? pathProblem(url);
}

function quoted(text: string): string {
  return JSON.stringify(text.replace(/[^/@]*@/, '…@'));
}

/** The same host with WebHDFS's port where it has none, or that of the RPC. */
function withHttpPort(host: string): string {
  const [name = '', port = ''] = host.split(':');
  return port === '' || RPC_PORTS.has(port) || port === '9000' ? `${name}:9870` : host;
}

function foreignScheme(text: string, scheme: 'hdfs' | 'webhdfs' | 'swebhdfs'): UrlFinding {
  const host = /^\w+:\/\/(?:[^/@]*@)?([^/?#]*)/.exec(text)?.[1] ?? '';
  const meant = scheme === 'swebhdfs' ? `https://${host}` : `http://${withHttpPort(host)}`;
  const why =
    scheme === 'hdfs'
      ? 'hdfs:// is the RPC protocol of Java clients; WebHDFS is http'
      : `${scheme}:// is what Java clients call it; it is ${scheme === 'swebhdfs' ? 'https' : 'http'}`;
  return {
    severity: 'problem',
    message: `the URL begins with ${scheme}://: ${why}`,
    hint: `Write ${JSON.stringify(meant)}.`,
  };
}

function portProblem({ hostname, port, protocol }: URL): UrlFinding | null {
  const secure = protocol === 'https:';
  const where = `${hostname}:${port}`;
  if (RPC_PORTS.has(port)) {
    const hint = `${PORTS}: write ${JSON.stringify(`${protocol}//${hostname}:${secure ? '9871' : '9870'}`)}.`;
    return {
      severity: 'problem',
      message: `${where} is the RPC port of a NameNode, which does not speak WebHDFS`,
      hint,
    };
  }
  const warn = (message: string, hint: string): UrlFinding => ({ severity: 'warning', message, hint });
  if (port === '9000' && isIP(hostname) === 0 && hostname !== 'localhost') {
    return warn(`${where} is mostly the RPC port of a NameNode`, `${PORTS}; atlas-ingest doctor tells which it is.`);
  }
  if (DATA_NODE_PORTS.has(port)) {
    return warn(`${where} is mostly a port of a DataNode`, `Name the NameNode. ${PORTS}.`);
  }
  if (secure ? HTTP_PORTS.has(port) : HTTPS_PORTS.has(port)) {
    const other = secure ? 'http' : 'https';
    return warn(
      `${where} is mostly ${other}, and the URL says ${secure ? 'https' : 'http'}`,
      `Check with atlas-ingest doctor.`,
    );
  }
  return null;
}

function pathProblem({ origin, pathname }: URL): UrlFinding | null {
  const path = pathname.replace(/\/+$/, '');
  const under = path.indexOf(`${USUAL_PATH}/`);
  if (under >= 0) {
    const hint = `End it with ${USUAL_PATH}; the folder belongs into the paths of datasets: hdfs://<connection>${path.slice(under + USUAL_PATH.length)}/….`;
    return { severity: 'problem', message: `the URL goes on after ${USUAL_PATH}`, hint };
  }
  if (/\/webhdfs$/i.test(path) || /\/webhdfs\/v1$/i.test(path) !== path.endsWith(USUAL_PATH)) {
    const meant = `${origin}${path.replace(/\/webhdfs(\/v1)?$/i, USUAL_PATH)}`;
    return {
      severity: 'problem',
      message: `the path of the URL is ${path}, that of WebHDFS ends in ${USUAL_PATH}`,
      hint: `Write ${JSON.stringify(meant)}.`,
    };
  }
  if (path === '' || path.endsWith(USUAL_PATH)) return null;
  const hint = `Gateways serve it under a path that ends in ${USUAL_PATH} (Knox: /gateway/<topology>${USUAL_PATH}). If this one does not, all is well; atlas-ingest doctor tells.`;
  return { severity: 'warning', message: `the path of the URL is ${path}, and is taken as it stands`, hint };
}
