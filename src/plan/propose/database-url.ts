import { AtlasError } from '../../errors.ts';
import { isThisMachine } from '../../metadata/this-machine.ts';
import type { Keys } from './propose-source.ts';

/** A database as its URL names it. */
export interface DatabaseUrl {
  readonly type: 'postgresql' | 'mysql';
  /** What a document says of it, without its password. */
  readonly keys: Keys;
  readonly database: string;
  readonly password: string | null;
}

const SCHEME = /^(postgres|postgresql|mysql|mariadb):\/\//i;

/** Stands for a host that the URL does not name. */
const NOBODY = '-';

/** Whether a text is the URL of a database. */
export function isDatabaseUrl(text: string): boolean {
  return SCHEME.test(text);
}

/** Options of a URL that name files, by what they are in a connection. */
const FILES: Readonly<Record<string, string>> = {
  sslrootcert: 'ca',
  sslcert: 'cert',
  sslkey: 'key',
  'ssl-ca': 'ca',
  'ssl-cert': 'cert',
  'ssl-key': 'key',
};

/** Takes the URL of a database apart. Fails with ATLAS_USAGE, never showing what could be a secret. */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase() ?? '';
  const type = scheme.startsWith('postgres') ? 'postgresql' : 'mysql';
  const shown = `${scheme}://…`;
  const refuse = (what: string, hint: string): AtlasError =>
    new AtlasError('ATLAS_USAGE', `${shown} ${what}`, { hint });
  // a socket has no host before its path
  const whole = text.replace(/^([a-z]+:\/\/[^/?#]*@)(?=\/)/i, `$1${NOBODY}`);
  const example = `Write ${scheme}://user@host:port/database.`;
  if (!URL.canParse(whole))
    throw refuse('is no URL', `${example} Characters such as @ / ? # in a password are written %40 %2F %3F %23.`);
  const url = new URL(whole);
  const decode = (part: string, name: string): string => {
    try {
      return decodeURIComponent(part);
    } catch {
      throw refuse(`holds a % in its ${name} that begins no character`, 'Write %25 for a %.');
    }
  };
  const database = decode(url.pathname.replace(/^\//, ''), 'database');
  if (database === '' || database.includes('/')) throw refuse('names no database', example);
  const { host, tls, plain } = optionsOf(url, refuse);
  const name = host ?? decode(url.hostname.replace(/^\[(.*)\]$/, '$1'), 'host');
  if (name === NOBODY || name === '') throw refuse('names no host', example);
  const dangerous = plain && !isThisMachine(name) ? { tls: false, dangerously_allow_plaintext: true } : {};
  return {
    type,
    database,
    password: url.password === '' ? null : decode(url.password, 'password'),
    keys: {
      type,
      host: name,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      database,
      ...(url.username === '' ? {} : { user: decode(url.username, 'user') }),
      ...(Object.keys(tls).length === 0 ? {} : { tls }),
      ...dangerous,
    },
  };
}

function optionsOf(url: URL, refuse: (what: string, hint: string) => AtlasError) {
  const tls: Record<string, string> = {};
  let host: string | null = null;
  let plain = false;
  for (const [key, value] of url.searchParams) {
    const file = FILES[key];
    if (file !== undefined) tls[file] = value;
    else if (key === 'host') host = value;
    else if (key === 'sslmode' || key === 'ssl-mode') plain = /^disabled?$/i.test(value);
    else {
      const known = ['host', 'sslmode', ...Object.keys(FILES)].join(', ');
      throw refuse(`has the option ${JSON.stringify(key)}, which has no meaning here`, `Known: ${known}.`);
    }
  }
  return { host, tls, plain };
}
