import { readFile } from 'node:fs/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { AtlasError } from '../../../errors.ts';
import type { ClickhouseConnection } from '../../../flow/connections.ts';
import { connectingAgent, NoConnection } from './connecting-agent.ts';
import type { ServerAddress } from './server-address.ts';

/** A client of one server, and what is known of its connections. */
export interface HttpClient extends AsyncDisposable {
  readonly client: ClickHouseClient;
  readonly early: NoConnection;
}

/** Milliseconds that a connection is kept unused: servers keep them for three seconds at least. */
const IDLE_MS = 2_000;
/** Bytes: each line of progress is one more header. */
const MOST_HEADERS = 1 << 20;

/** Sets up a client; nothing is sent yet. Fails with ATLAS_CH_REFUSED where a certificate cannot be read. */
export async function openHttpClient(
  { tls, limits, name }: ClickhouseConnection,
  { user, password, database }: ServerAddress,
  url: URL,
): Promise<HttpClient> {
  const { createClient, ClickHouseLogLevel } = await import('@clickhouse/client');
  const early = new NoConnection();
  const secure = url.protocol === 'https:';
  const files = secure ? await readCertificates(tls, name) : null;
  const agent = connectingAgent(files, limits.connect, early);
  const byCertificate = files?.cert !== undefined && password === null;
  const client = createClient({
    url: url.origin,
    ...(url.pathname !== '/' && { pathname: url.pathname }),
    database,
    http_agent: agent,
    ...(byCertificate
      ? {
          set_basic_auth_header: false,
          http_headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-SSL-Certificate-Auth': 'on' },
        }
      : { username: user, password: password ?? '' }),
    request_timeout: limits.idle,
    keep_alive: { enabled: true, idle_socket_ttl: IDLE_MS, eagerly_destroy_stale_sockets: true },
    max_response_headers_size: MOST_HEADERS,
    compression: { request: false, response: false },
    log: { level: ClickHouseLogLevel.OFF },
    application: 'atlas-ingest',
  });
  return {
    client,
    early,
    async [Symbol.asyncDispose](): Promise<void> {
      await client.close();
      agent.destroy();
    },
  };
}

async function readCertificates({ caFile, certFile, keyFile }: ClickhouseConnection['tls'], name: string) {
  const read = async (path: string): Promise<Buffer> => {
    try {
      return await readFile(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new AtlasError('ATLAS_CH_REFUSED', `${path}, a certificate of ${name}, cannot be read (${code})`, {
        hint: 'Check tls of the connection: its files are PEM, and this user may read them.',
      });
    }
  };
  return {
    ...(caFile !== null && { ca: await read(caFile) }),
    ...(certFile !== null && { cert: await read(certFile) }),
    ...(keyFile !== null && { key: await read(keyFile) }),
  };
}
