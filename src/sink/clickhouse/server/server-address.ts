import { AtlasError } from '../../../errors.ts';
import type { ClickhouseConnection } from '../../../flow/connections.ts';
import { isThisMachine } from '../../../metadata/this-machine.ts';

/** Where a server is, and who asks: the connection, and the environment for what it leaves open. Holds secrets. */
export interface ServerAddress {
  /** In the order they are tried. A path is that of a proxy. */
  readonly urls: readonly URL[];
  readonly user: string;
  /** null = none: the client's certificate, or nothing, is enough. */
  readonly password: string | null;
  readonly database: string;
}

/** Ports on which a server speaks TLS. */
const SECURE = new Set(['443', '8443']);

/** Puts it together. Fails with ATLAS_CH_REFUSED where the environment names no URL that may be spoken to. */
export function serverAddress(connection: ClickhouseConnection, env: NodeJS.ProcessEnv): ServerAddress {
  const said = connection.urls ?? [urlOf(env)];
  const urls = said.map((text) => {
    if (URL.canParse(text) && /^https?:/i.test(text)) return new URL(text);
    throw new AtlasError('ATLAS_CH_REFUSED', `CLICKHOUSE_URL of ${connection.name} is neither http:// nor https://`, {
      hint: 'Write https://ch1:8443, or http://localhost:8123; the native protocol is not spoken.',
    });
  });
  const own = connection.urls === null ? urls[0] : undefined;
  const user = connection.user ?? nameIn(own?.username) ?? filled(env['CLICKHOUSE_USER']) ?? 'default';
  const password = connection.password ?? nameIn(own?.password) ?? env['CLICKHOUSE_PASSWORD'] ?? null;
  const database = connection.database ?? filled(env['CLICKHOUSE_DATABASE']) ?? 'default';
  for (const url of urls) {
    [url.username, url.password, url.search, url.hash] = ['', '', '', ''];
    if (url.protocol === 'https:' || connection.plaintext || isThisMachine(url.hostname)) continue;
    const why = 'the password and every row could be read and changed on the way';
    throw new AtlasError('ATLAS_CH_REFUSED', `${url.host} is another machine, and spoken to by http: ${why}`, {
      hint: 'Name an https:// URL; or declare the connection with dangerously_allow_plaintext: true.',
    });
  }
  return { urls, user, password, database };
}

function urlOf(env: NodeJS.ProcessEnv): string {
  const url = filled(env['CLICKHOUSE_URL']);
  if (url !== undefined) return url;
  const host = filled(env['CLICKHOUSE_HOST']) ?? 'localhost';
  if (/^https?:\/\//i.test(host)) return host;
  const port = filled(env['CLICKHOUSE_PORT']) ?? (isThisMachine(host) ? '8123' : '8443');
  return `${SECURE.has(port) ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

function nameIn(encoded: string | undefined): string | undefined {
  return encoded === undefined || encoded === '' ? undefined : decodeURIComponent(encoded);
}
