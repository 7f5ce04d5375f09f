import { AtlasError } from '../../errors.ts';
import type { DatabaseConnection } from '../../flow/connections.ts';
import type { ExaminationOptions, ExaminationStep } from '../../flow/examination.ts';
import { doubtful, type Found, failed, untold, well } from '../../store/examine/finding.ts';
import { openPort } from '../../store/examine/open-port.ts';
import { resolveHost } from '../../store/examine/resolve-host.ts';
import { tellStep } from '../../store/examine/tell-step.ts';
import type { DatabaseProbe, ProbedSession } from './database-probe.ts';
import { examineTable } from './examine-table.ts';

/** Tries a database step by step: its host and port, TLS, who we are there, and the tables that are read. Writes nothing. */
export async function* examineDatabase(
  connection: DatabaseConnection,
  probe: DatabaseProbe,
  { sources, signal }: ExaminationOptions,
): AsyncGenerator<ExaminationStep> {
  const { host, port } = connection;
  const server = host.startsWith('/') ? host : `${host}:${port}`;
  if (!host.startsWith('/')) {
    const known = yield* tellStep(server, 'host', () => examineHost(connection, signal), signal);
    if (known === null) return;
    const open = yield* tellStep(server, 'port', () => examinePort(connection, signal), signal);
    if (open === null) return;
  }
  const signedIn = await probe.open({ signal }).then(
    (session) => ({ session, error: null }),
    (error: unknown) => ({ session: null, error }),
  );
  signal.throwIfAborted();
  if (signedIn.session === null && !(signedIn.error instanceof AtlasError)) throw signedIn.error;
  await using session = signedIn.session;
  yield* tellStep(server, 'tls', async () => tlsOf(connection, session, signedIn.error), signal);
  if (signedIn.error instanceof AtlasError && signedIn.error.code === 'ATLAS_DB_TLS') return;
  yield* tellStep(server, 'login', async () => loginOf(session, signedIn.error), signal);
  if (session === null) return;
  yield* tellStep(server, 'snapshot', () => examineSnapshot(session, signal), signal);
  for (const source of sources) yield* examineTable(source, connection, session, signal);
}

async function examineHost({ host, limits }: DatabaseConnection, signal: AbortSignal): Promise<Found<true>> {
  const found = await resolveHost(host, limits.connect, signal);
  if ('addresses' in found) {
    const { addresses } = found;
    const itself = addresses.length === 1 && addresses[0] === host;
    return well(itself ? `${host} is an address` : `${host} is ${addresses.join(', ')}`, true);
  }
  return failed(
    'ATLAS_DB_UNREACHABLE',
    `this machine does not know the host ${host} (${found.reason})`,
    found.reason === 'EAI_AGAIN'
      ? 'The name service itself does not answer: look at /etc/resolv.conf, the VPN, or the network of the container.'
      : `Check the spelling of host, and that "getent hosts ${host}" answers here (DNS, /etc/hosts, VPN).`,
  );
}

const SETTINGS = {
  postgresql: 'listen_addresses and port in postgresql.conf',
  mysql: 'bind_address, port and skip_networking in my.cnf',
} as const;

async function examinePort(
  { type, host, port, limits }: DatabaseConnection,
  signal: AbortSignal,
): Promise<Found<true>> {
  const where = `${host}:${port}`;
  const answer = await openPort(host, port, limits.connect, signal);
  if ('milliseconds' in answer) return well(`connected to ${where}`, true);
  if (answer.reason === 'ECONNREFUSED') {
    const hint = `The machine is there and nothing listens at ${port}: is the server up, and is it the right port? Look at ${SETTINGS[type]}.`;
    return failed('ATLAS_DB_UNREACHABLE', `${where} refuses the connection (ECONNREFUSED)`, hint);
  }
  if (answer.reason === 'ETIMEDOUT') {
    const hint = `Nobody says no, nobody says yes: mostly a firewall or security group. Ask for ${where} to be opened from here.`;
    return failed('ATLAS_DB_UNREACHABLE', `${where} does not answer in ${limits.connect} ms (ETIMEDOUT)`, hint);
  }
  const hint = 'Check the way from here to there (routes, VPN).';
  return failed('ATLAS_DB_UNREACHABLE', `${where} cannot be reached (${answer.reason})`, hint);
}

function tlsOf({ tls, host }: DatabaseConnection, session: ProbedSession | null, error: unknown): Found<true> {
  if (error instanceof AtlasError && error.code === 'ATLAS_DB_TLS')
    return failed(error.code, error.message, error.hint);
  if (tls === null) {
    if (/^(localhost|127\.|::1|\/)/i.test(host)) return well('plain: the server is on this machine', true);
    const hint = 'Remove dangerously_allow_plaintext to use TLS.';
    return doubtful(
      'plain, as dangerously_allow_plaintext says: passwords and rows can be read on the way',
      hint,
      true,
    );
  }
  if (session === null) return untold('TLS did not fail; the next step did');
  return well(`${session.cipher ?? 'TLS'}, the certificate is of ${tls.serverName} and trusted`, true);
}

function loginOf(session: ProbedSession | null, error: unknown): Found<true> {
  if (session !== null) return well(`signed in as ${session.user}, ${session.server}`, true);
  if (error instanceof AtlasError) return failed(error.code, error.message, error.hint);
  throw error;
}

async function examineSnapshot(session: ProbedSession, signal: AbortSignal): Promise<Found<true>> {
  const { message, warning } = await session.snapshot({ signal });
  return warning === null ? well(message, true) : doubtful(message, warning, true);
}
