import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { doubtful, type Found, failed, well } from '../../examine/finding.ts';
import type { WebHdfsPlan } from '../web-hdfs-plan.ts';
import { portOf } from './examine-port.ts';

const DAY_MS = 86_400_000;
/** Certificates that end within so many days are worth a word. */
const SOON_DAYS = 30;

/** Whether the server's certificate is one that a run would take: by whom it is, for whom, until when. */
export async function examineTls(
  url: URL,
  { ca, name, limits }: Pick<WebHdfsPlan, 'ca' | 'name' | 'limits'>,
  signal: AbortSignal,
): Promise<Found<true>> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const answer = await shakeHands(host, portOf(url), ca, limits.connect, signal);
  if ('reason' in answer) return noTls(url, answer.reason);
  const { certificate, problem } = answer;
  const until = new Date(certificate.valid_to);
  const days = Math.floor((until.getTime() - Date.now()) / DAY_MS);
  const issuer = nameOf(certificate.issuer);
  if (problem !== null) return distrusted(problem, certificate, host, name, ca !== null);
  const facts = `certificate of ${nameOf(certificate.subject)}, by ${issuer}, ends in ${days} ${days === 1 ? 'day' : 'days'}`;
  if (days >= SOON_DAYS) return well(facts, true);
  return doubtful(facts, `It ends on ${until.toISOString().slice(0, 10)}: have it renewed before runs fail.`, true);
}

interface Handshake {
  readonly certificate: DetailedPeerCertificate;
  /** Code of what is wrong with it, or null. */
  readonly problem: string | null;
}

function shakeHands(
  host: string,
  port: number,
  ca: string | null,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Handshake | { readonly reason: string }> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const server = isIP(host) === 0 ? { servername: host } : {};
    const trust = ca === null ? {} : { ca };
    const socket: TLSSocket = connect({ host, port, ...server, ...trust, rejectUnauthorized: false });
    const stop = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    const end = (answer: Handshake | { readonly reason: string }): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(answer);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(milliseconds, () => end({ reason: 'ETIMEDOUT' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ reason: error.code ?? 'unknown' }));
    socket.once('close', () => end({ reason: 'closed' }));
    socket.once('secureConnect', () => {
      const problem = socket.authorized ? null : String(socket.authorizationError ?? 'unknown');
      end({ certificate: socket.getPeerCertificate(true), problem });
    });
  });
}

function noTls({ host }: URL, reason: string): Found<never> {
  if (/WRONG_VERSION_NUMBER|EPROTO|PACKET_LENGTH/.test(reason)) {
    const hint = `Write http:// in url, or name the https port of the cluster (9871 by default).`;
    return failed('ATLAS_HDFS_TLS', `${host} does not speak TLS (${reason}): it looks like plain http`, hint);
  }
  const hint = 'A proxy or a firewall in between may cut TLS off; so does a server that wants a client certificate.';
  return failed('ATLAS_HDFS_TLS', `no TLS connection to ${host} comes about (${reason})`, hint);
}

function distrusted(
  problem: string,
  certificate: DetailedPeerCertificate,
  host: string,
  connection: string,
  declared: boolean,
): Found<never> {
  const subject = nameOf(certificate.subject);
  const fail = (message: string, hint: string): Found<never> => failed('ATLAS_HDFS_TLS', message, hint);
  if (problem.includes('ALTNAME')) {
    const names = (certificate.subjectaltname ?? subject).replaceAll('DNS:', '').replaceAll('IP Address:', '');
    return fail(
      `the certificate is for ${names}, not for ${host}`,
      'Write one of those names in url, or have the name added to the certificate.',
    );
  }
  if (problem.includes('EXPIRED')) {
    const hint = 'Have it renewed on the server. If it should be valid still, check the clock of this machine.';
    return fail(`the certificate of ${subject} ended on ${certificate.valid_to}`, hint);
  }
  if (problem.includes('NOT_YET_VALID')) {
    return fail(
      `the certificate of ${subject} begins on ${certificate.valid_from}`,
      `Check the clock of this machine: it reads ${new Date().toISOString()}.`,
    );
  }
  const missing = missingIssuer(certificate);
  const self = problem === 'DEPTH_ZERO_SELF_SIGNED_CERT';
  const what = self ? `${subject} signed its certificate itself` : `the certificate is by ${missing}`;
  const known = declared ? 'neither the system nor the file of tls.ca knows it' : 'this system does not know it';
  const hint = `Get the certificate of ${self ? subject : missing} (PEM) from who runs the cluster, and name it: "tls": { "ca": "certs/ca.pem" } in connection ${connection}.`;
  return fail(`${what}, and ${known} (${problem})`, hint);
}

/** Who signed the last certificate of the chain that the server sends. */
function missingIssuer(certificate: DetailedPeerCertificate): string {
  let last = certificate;
  for (let next = last.issuerCertificate; next && next !== last; next = next.issuerCertificate) last = next;
  return nameOf(last.issuer);
}

function nameOf(subject: DetailedPeerCertificate['subject'] | undefined): string {
  const { CN, O } = subject ?? {};
  const text = (value: string | readonly string[] | undefined): string => (value === undefined ? '' : String(value));
  return JSON.stringify([text(CN), text(O)].filter((part) => part !== '').join(', ') || 'nobody');
}
