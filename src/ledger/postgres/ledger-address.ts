import { userInfo } from 'node:os';
import { type SslMode, sslModeOf } from './ssl-mode.ts';
import { unreadable } from './unreadable.ts';

/** One server that may hold the ledger. */
export interface LedgerHost {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** What a URL of a ledger says, with what the environment adds as libpq would. Holds secrets: never print it. */
export interface LedgerAddress {
  /** Tried in order. */
  readonly hosts: readonly LedgerHost[];
  readonly user: string;
  /** null = look into `passfile`. */
  readonly password: string | null;
  readonly passfile: string | null;
  readonly database: string;
  /** The schema that holds the ledger's tables. */
  readonly schema: string;
  readonly sslmode: SslMode;
  readonly sslrootcert: string | null;
  readonly sslcert: string | null;
  readonly sslkey: string | null;
  /** Per server. */
  readonly connectMs: number;
  readonly applicationName: string;
  /** Command-line options for the server's process (`-c name=value`), as libpq has them. */
  readonly options: string | null;
  /** How long a lease stands without a sign of life, in milliseconds. */
  readonly leaseMs: number;
}

const DEFAULT_SCHEMA = 'atlas_ingest';
const DEFAULT_PORT = '5432';
const CONNECT_SECONDS = 10;
const LEASE_SECONDS = 60;
const PARTS = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;

/** The names a query string may have, by what reads them. */
const KNOWN = [
  ...['host', 'port', 'user', 'password', 'passfile', 'dbname', 'schema', 'options', 'lease', 'target_session_attrs'],
  ...['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'connect_timeout', 'application_name'],
] as const;
type Known = (typeof KNOWN)[number];

/**
 * Reads the URL of a ledger on PostgreSQL: `postgresql://user:password@host:port,host:port/database?option=value`. What it leaves out comes
 * from PGHOST, PGPORT, PGUSER, PGPASSWORD and so on. Fails with ATLAS_LEDGER_URL, which never repeats what may be a part of a password.
 */
export function readLedgerAddress(url: string, env: NodeJS.ProcessEnv): LedgerAddress {
  const parts = PARTS.exec(url);
  if (parts === null) throw unreadable('it is not of the form postgresql://user@host:5432/database');
  const [, login = '', authority = '', path = '', query = ''] = parts;
  const said = optionsOf(query);
  const or = (name: Known, variable: string): string | null => said.get(name) ?? (env[variable] || null);
  const colon = login.indexOf(':');
  const name = decoded(colon < 0 ? login : login.slice(0, colon), 'the user');
  const secret = colon < 0 ? '' : decoded(login.slice(colon + 1), 'the password');
  const user = name || or('user', 'PGUSER') || userInfo().username;
  const options = or('options', 'PGOPTIONS');
  const attributes = said.get('target_session_attrs') ?? 'read-write';
  if (!['any', 'read-write', 'primary'].includes(attributes)) {
    throw unreadable(`target_session_attrs is ${JSON.stringify(attributes)}: a ledger is written to`);
  }
  const hosts = hostsOf(authority, or('host', 'PGHOST'), or('port', 'PGPORT'));
  return {
    hosts,
    user,
    password: secret || or('password', 'PGPASSWORD'),
    passfile: or('passfile', 'PGPASSFILE') ?? (env['HOME'] ? `${env['HOME']}/.pgpass` : null),
    database: decoded(path, 'the database') || or('dbname', 'PGDATABASE') || user,
    schema: said.get('schema') ?? searchPathOf(options) ?? DEFAULT_SCHEMA,
    sslmode: sslModeOf(said.get('sslmode') ?? null, env['PGSSLMODE'] || null, hosts),
    sslrootcert: or('sslrootcert', 'PGSSLROOTCERT'),
    sslcert: or('sslcert', 'PGSSLCERT'),
    sslkey: or('sslkey', 'PGSSLKEY'),
    connectMs: secondsOf('connect_timeout', or('connect_timeout', 'PGCONNECT_TIMEOUT'), CONNECT_SECONDS) * 1000,
    applicationName: or('application_name', 'PGAPPNAME') ?? 'atlas-ingest',
    options,
    leaseMs: secondsOf('lease', said.get('lease') ?? null, LEASE_SECONDS) * 1000,
  };
}

function optionsOf(query: string): ReadonlyMap<Known, string> {
  const said = new Map<Known, string>();
  for (const pair of query.split('&').filter((each) => each !== '')) {
    const at = pair.indexOf('=');
    const name = KNOWN.find((known) => known === pair.slice(0, at < 0 ? undefined : at));
    if (name === undefined || at < 0) {
      throw unreadable('an option in its query string is not known', `Known are ${KNOWN.join(', ')}.`);
    }
    said.set(name, decoded(pair.slice(at + 1), name));
  }
  return said;
}

function hostsOf(authority: string, host: string | null, port: string | null): readonly LedgerHost[] {
  const named = authority === '' ? (host ?? 'localhost').split(',') : authority.split(',');
  const ports = (port ?? DEFAULT_PORT).split(',');
  return named.map((each, index) => {
    const found = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority === '' ? each.replaceAll(':', '%3A') : each);
    const own = found?.[2] ?? ports[index] ?? ports[0] ?? '';
    if (!found || !/^\d{1,5}$/.test(own) || Number(own) < 1 || Number(own) > 65_535) {
      const hint = 'In a user or a password write / @ : ? # and % as %2F %40 %3A %3F %23 and %25.';
      throw unreadable('a port in it is not a number from 1 to 65535', hint);
    }
    const name = decoded(found[1] as string, 'the host').replace(/^\[|\]$/g, '');
    return { host: name || host || 'localhost', port: Number(own) };
  });
}

/** The first schema of `-c search_path=…`. */
function searchPathOf(options: string | null): string | null {
  const found = /(?:-c\s*|--)search_path=((?:\\.|[^\s\\])+)/.exec(options ?? '')?.[1];
  const first = found?.replace(/\\(.)/g, '$1').split(',')[0]?.trim();
  return first?.replace(/^"(.*)"$/, '$1').replaceAll('""', '"') || null;
}

function secondsOf(name: string, text: string | null, otherwise: number): number {
  if (text === null || (name === 'connect_timeout' && text === '0')) return otherwise;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (seconds < 1) throw unreadable(`${name} is ${JSON.stringify(text)}, not a number of seconds`);
  return seconds;
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unreadable(`${what} holds a % that begins no encoded character`, 'Write % as %25.');
  }
}
