import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { ClickhouseConnection } from '../../../flow/connections.ts';
import { isThisMachine } from '../../../metadata/this-machine.ts';
import { doubtful, type Found, failed, well } from '../../../store/examine/finding.ts';
import { openPort } from '../../../store/examine/open-port.ts';
import { resolveHost } from '../../../store/examine/resolve-host.ts';
import { type Step, tellStep } from '../../../store/examine/tell-step.ts';

const DAY_MS = 86_400_000;
/** Certificates that end within so many days are worth a word. */
const SOON_DAYS = 30;

/** Tries the way to one server: its name, its port, TLS. Answers whether a statement could be sent. */
export async function* examineAddress(
  url: URL,
  connection: ClickhouseConnection,
  signal: AbortSignal,
): AsyncGenerator<Step, boolean> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const server = `${url.hostname}:${port}`;
  const { limits } = connection;
  const known = yield* tellStep(server, 'host', () => examineHost(host, limits.connect, signal), signal);
  if (known === null) return false;
  const open = yield* tellStep(server, 'port', () => examinePort(host, port, limits.connect, signal), signal);
  if (open === null) return false;
  const safe = yield* tellStep(server, 'tls', () => examineTls(url, host, port, connection, signal), signal);
  return safe !== null;
}

async function examineHost(host: string, milliseconds: number, signal: AbortSignal): Promise<Found<true>> {
  const found = await resolveHost(host, milliseconds, signal);
  if (!('addresses' in found)) {
    const hint = `Check the spelling of url, and that "getent hosts ${host}" answers here (DNS, /etc/hosts, VPN).`;
    return failed('ATLAS_CH_UNREACHABLE', `this machine does not know the host ${host} (${found.reason})`, hint);
  }
  const { addresses } = found;
  const itself = addresses.length === 1 && addresses[0] === host;
  return well(itself ? `${host} is an address` : `${host} is ${addresses.join(', ')}`, true);
}

async function examinePort(
  host: string,
  port: number,
  milliseconds: number,
  signal: AbortSignal,
): Promise<Found<true>> {
  const where = `${host}:${port}`;
  const answer = await openPort(host, port, milliseconds, signal);
  if ('milliseconds' in answer) return well(`connected to ${where}`, true);
  if (answer.reason === 'ECONNREFUSED') {
    const hint = `The machine is there and nothing listens at ${port}: is the server up, and is it the right port? Look at http_port, https_port and listen_host in its config.xml.`;
    return failed('ATLAS_CH_UNREACHABLE', `${where} refuses the connection (ECONNREFUSED)`, hint);
  }
  if (answer.reason === 'ETIMEDOUT') {
    const hint = `Nobody says no, nobody says yes: mostly a firewall or security group. Ask for ${where} to be opened from here.`;
    return failed('ATLAS_CH_UNREACHABLE', `${where} does not answer in ${milliseconds} ms (ETIMEDOUT)`, hint);
  }
  const hint = 'Check the way from here to there (routes, VPN).';
  return failed('ATLAS_CH_UNREACHABLE', `${where} cannot be reached (${answer.reason})`, hint);
}

async function examineTls(
  url: URL,
  host: string,
  port: number,
  { tls, limits }: ClickhouseConnection,
  signal: AbortSignal,
): Promise<Found<true>> {
  if (url.protocol === 'http:') {
    if (isThisMachine(url.hostname)) return well('plain: the server is on this machine', true);
    const hint = 'Use https, and remove dangerously_allow_plaintext.';
    return doubtful(
      'plain, as was declared: the password and every row can be read and changed on the way',
      hint,
      true,
    );
  }
  const answer = await shakeHands(host, port, tls, limits.connect, signal);
  if ('reason' in answer) {
    const ca = tls.caFile === null ? 'Name its authority in tls.ca' : `Check that ${tls.caFile} holds its authority`;
    const hint = `${ca}; check that the port speaks https (8443 is usual), and that the certificate is of ${host}.`;
    return failed('ATLAS_CH_REFUSED', `TLS with ${url.host} cannot be set up (${answer.reason})`, hint);
  }
  const days = Math.floor((answer.until.getTime() - Date.now()) / DAY_MS);
  const facts = `${answer.protocol}, the certificate of ${host} is trusted and ends in ${days} days`;
  if (days >= SOON_DAYS) return well(facts, true);
  return doubtful(
    facts,
    `It ends on ${answer.until.toISOString().slice(0, 10)}: have it renewed before runs fail.`,
    true,
  );
}

async function shakeHands(
  host: string,
  port: number,
  { caFile, certFile, keyFile }: ClickhouseConnection['tls'],
  milliseconds: number,
  signal: AbortSignal,
): Promise<{ readonly protocol: string; readonly until: Date } | { readonly reason: string }> {
  const files: Record<string, Buffer> = {};
  for (const [key, path] of Object.entries({ ca: caFile, cert: certFile, key: keyFile })) {
    if (path === null) continue;
    try {
      files[key] = await readFile(path);
    } catch (error) {
      return { reason: `${path}: ${(error as NodeJS.ErrnoException).code}` };
    }
  }
  signal.throwIfAborted();
  return await new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(isIP(host) === 0 && { servername: host }), ...files });
    const stop = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    const end = (answer: Awaited<ReturnType<typeof shakeHands>>): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(answer);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.setTimeout(milliseconds, () => end({ reason: 'ETIMEDOUT' }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ reason: error.code ?? 'unknown' }));
    socket.once('close', () => end({ reason: 'closed' }));
    socket.once('secureConnect', () =>
      end({ protocol: socket.getProtocol() ?? 'TLS', until: new Date(socket.getPeerCertificate().valid_to) }),
    );
  });
}
