import { type Found, failed, well } from '../../examine/finding.ts';
import { exchange, NoAnswer } from '../call/exchange.ts';
import { parseRemoteException } from '../call/remote-exception.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import { describePage } from './describe-page.ts';

/** What a server that speaks WebHDFS showed of itself. */
export interface Spoken {
  /** Milliseconds that its clock is ahead of ours; null where it does not say. */
  readonly ahead: number | null;
}

type Answer = Awaited<ReturnType<typeof exchange>>;

/** Whether what answers at a URL speaks WebHDFS under that path, asked by a mere name (`user`) or by nobody; else what answers instead. */
export async function examineProtocol(base: URL, plan: WebHdfsPlan, signal: AbortSignal): Promise<Found<Spoken>> {
  let answer: Answer;
  const began = Date.now();
  try {
    answer = await ask(base, plan, signal);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return silent(base, error.message);
  }
  const date = Date.parse(answer.headers.date ?? '');
  const ahead = Number.isNaN(date) ? null : date - (began + Date.now()) / 2;
  const how = speaks(answer);
  if (how !== null) return well(`${base.pathname} speaks WebHDFS${how}`, { ahead });
  return failed(...(await otherwise(base, answer, plan, signal)));
}

/** Asks the one thing that every user may ask. */
function ask(base: URL, { ca, limits, user }: WebHdfsPlan, signal: AbortSignal) {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}/`;
  url.search = new URLSearchParams({
    op: 'GETHOMEDIRECTORY',
    ...(user === null ? {} : { 'user.name': user }),
  }).toString();
  return exchange(url, { method: 'GET', ca, limits, signal });
}

/** How it speaks WebHDFS, or null. */
function speaks({ status, text, headers }: Answer): string | null {
  if (/^negotiate\b/i.test(headers['www-authenticate'] ?? '')) return ', and asks for Kerberos';
  if (parseRemoteException(text) !== null) return '';
  try {
    return status === 200 && typeof (JSON.parse(text) as { Path?: unknown }).Path === 'string' ? '' : null;
  } catch {
    return null;
  }
}

async function otherwise(
  base: URL,
  answer: Answer,
  plan: WebHdfsPlan,
  signal: AbortSignal,
): Promise<Parameters<typeof failed>> {
  const { status, text, headers, location } = answer;
  const page = describePage(answer);
  if (text.includes('Hadoop IPC port')) {
    const hint = `Write the port of its web interface: ${base.protocol}//${base.hostname}:9870 (50070 in Hadoop 2).`;
    return ['ATLAS_HDFS_PROTOCOL', `${base.host} is the NameNode's RPC port, which does not speak WebHDFS`, hint];
  }
  if (status === 401 || status === 407) {
    const scheme = /^\w+/.exec(headers['www-authenticate'] ?? headers['proxy-authenticate'] ?? '')?.[0] ?? 'some way';
    const who = status === 407 ? 'a proxy' : 'the server';
    const hint =
      'This tool signs in by user name, delegation token or Kerberos. A gateway may offer one of them under another path.';
    return ['ATLAS_HDFS_AUTH', `${who} asks to sign in by ${scheme}: ${page}`, hint];
  }
  if (status === 403 && /anonymous/i.test(text)) {
    return ['ATLAS_HDFS_AUTH', `the server does not serve the nameless: ${page}`, 'Declare user, token or kerberos.'];
  }
  if (status >= 300 && status < 400) {
    const to = location !== null && URL.canParse(location, base) ? new URL(location, base) : null;
    const where = to === null ? 'somewhere else' : `${to.host}${to.pathname}`;
    const hint =
      'That is a login page or a moved address: name the server itself, or the path that the gateway gives WebHDFS.';
    return ['ATLAS_HDFS_PROTOCOL', `instead of an answer there is a redirect to ${where} (HTTP ${status})`, hint];
  }
  if (status === 502 || status === 503 || status === 504) {
    const hint =
      'A proxy or gateway answers for a server that it cannot reach: name the NameNode itself, or look at the gateway.';
    return ['ATLAS_HDFS_UNAVAILABLE', `what answers is ${page}`, hint];
  }
  const better = await elsewhere(base, plan, signal);
  if (better !== null) {
    const message = `WebHDFS is not under ${base.pathname}, where ${page} is, but under ${better.pathname}`;
    return ['ATLAS_HDFS_PROTOCOL', message, `Write "url": ${JSON.stringify(better.href)} in connection ${plan.name}.`];
  }
  const hint =
    status === 404
      ? `Something serves http there, but no WebHDFS under that path. NameNodes have it under /webhdfs/v1 (and dfs.webhdfs.enabled), gateways under a path of their own (Knox: /gateway/<topology>/webhdfs/v1).`
      : 'Is that the web server that was meant? Check host, port and path of url.';
  return ['ATLAS_HDFS_PROTOCOL', `${base.host}${base.pathname} answers with ${page}, not with WebHDFS`, hint];
}

/** The usual path on the same server, if that is where WebHDFS is. */
async function elsewhere(base: URL, plan: WebHdfsPlan, signal: AbortSignal): Promise<URL | null> {
  const usual = new URL('/webhdfs/v1', base);
  if (base.pathname.replace(/\/$/, '') === usual.pathname) return null;
  try {
    return speaks(await ask(usual, plan, signal)) === null ? null : usual;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

function silent({ host, protocol }: URL, reason: string): Found<never> {
  if (/^HPE_|ECONNRESET|Parse Error|closed before/.test(reason)) {
    const hint =
      protocol === 'http:'
        ? 'If it speaks TLS write https:// in url; if it is the RPC port (8020, 9000) write that of WebHDFS (9870).'
        : 'Check the port.';
    return failed('ATLAS_HDFS_PROTOCOL', `${host} takes the connection, but does not speak http (${reason})`, hint);
  }
  const hint =
    'The NameNode may be busy or hung (look at its log and its garbage collection), or a proxy holds the request.';
  return failed('ATLAS_HDFS_UNAVAILABLE', `${host} takes the connection, but does not answer (${reason})`, hint);
}
