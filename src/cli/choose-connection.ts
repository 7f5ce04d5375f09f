import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AtlasError } from '../errors.ts';
import type { ClickhouseConnection } from '../flow/connections.ts';
import { clickhouseConnectionSchema } from '../metadata/clickhouse-connection-schema.ts';
import { loadConnections } from '../metadata/load-connections.ts';
import { isThisMachine } from '../metadata/this-machine.ts';
import { planClickhouse } from '../plan/plan-clickhouse.ts';
import { planConnections } from '../plan/plan-connections.ts';
import type { Folders } from './folders.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/** What says which ClickHouse is meant. */
export interface ConnectionChoice extends GlobalOptions {
  readonly url: string | null;
  /** Name of a shared connection. */
  readonly connection: string | null;
  readonly database: string | null;
}

/** The ClickHouse that is meant, and who said so. */
export interface ChosenConnection {
  readonly connection: ClickhouseConnection;
  /** For people: what it is, and where that comes from. */
  readonly said: string;
  readonly warnings: readonly string[];
}

const EXAMPLE = 'Write https://ch1:8443, http://127.0.0.1:8123, or chdb:data/clickhouse for the embedded engine.';

/**
 * The connection: what `--connection` names, else `--url`, else what the environment says (`CLICKHOUSE_URL`, `CLICKHOUSE_HOST`, …), else
 * the embedded engine with its data in the state folder. Fails with ATLAS_USAGE, ATLAS_CONNECTION_UNKNOWN, ATLAS_META_*.
 */
export async function chooseConnection(choice: ConnectionChoice, folders: Folders, io: Io): Promise<ChosenConnection> {
  if (choice.connection !== null) return declared(choice.connection, choice, folders, io);
  if (choice.url !== null) return fromUrl(choice.url, '--url', choice, io);
  const url = io.env['CLICKHOUSE_URL'] || null;
  if (url !== null && /^chdb:/.test(url)) return fromUrl(url, 'CLICKHOUSE_URL', choice, io);
  const host = io.env['CLICKHOUSE_HOST'] || null;
  if (url !== null || host !== null) {
    const connection = { ...planned('environment', undefined, choice, io.cwd), plaintext: true };
    const by = url === null ? 'CLICKHOUSE_HOST' : 'CLICKHOUSE_URL';
    const where = url === null ? `${host}` : hostOf(url);
    return {
      connection,
      said: `ClickHouse at ${where}, as ${by} says`,
      warnings: url === null ? [] : plainWarnings(url),
    };
  }
  const folder = join(folders.state, 'clickhouse');
  const connection = planned('embedded', `chdb:${folder}`, choice, io.cwd);
  return { connection, said: `the embedded engine, in ${folder}`, warnings: [] };
}

async function declared(
  name: string,
  choice: ConnectionChoice,
  { metadata }: Folders,
  io: Io,
): Promise<ChosenConnection> {
  const request = { metadataDir: metadata, env: choice.env, environment: io.env };
  if (!existsSync(metadata)) {
    throw new AtlasError(
      'ATLAS_META_NOT_FOUND',
      `--connection is ${name}, and there is no metadata folder that declares it`,
    );
  }
  const { connections, root } = await loadConnections(request, [name]);
  const found = planConnections(connections, root)[name];
  if (found?.type !== 'clickhouse') {
    throw new AtlasError(
      'ATLAS_USAGE',
      `the connection ${name} is of type ${found?.type ?? 'none'}, clickhouse is needed`,
    );
  }
  const connection = choice.database === null ? found : { ...found, database: choice.database };
  return { connection, said: `the connection ${name}`, warnings: [] };
}

function fromUrl(text: string, by: string, choice: ConnectionChoice, io: Io): ChosenConnection {
  if (/^chdb:/.test(text)) {
    const folder = text.replace(/^chdb:(\/\/)?/, '');
    if (folder === '') throw new AtlasError('ATLAS_USAGE', `${by} names no folder`, { hint: EXAMPLE });
    const connection = planned('embedded', text, choice, io.cwd);
    return { connection, said: `the embedded engine, in ${connection.folder}, as ${by} says`, warnings: [] };
  }
  const url = httpUrl(text, by);
  const warnings = [...plainWarnings(text)];
  if (url.password !== '')
    warnings.push(`a password in ${by} is seen by whoever lists processes: CLICKHOUSE_PASSWORD is not`);
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const named = url.searchParams.get('database');
  url.username = '';
  url.password = '';
  url.search = '';
  const plain = planned('url', url.href.replace(/\/$/, ''), choice, io.cwd);
  const connection: ClickhouseConnection = {
    ...plain,
    plaintext: true,
    user: user ?? plain.user,
    password: password ?? plain.password,
    database: plain.database ?? named,
  };
  return { connection, said: `ClickHouse at ${url.host}, as ${by} says`, warnings };
}

/** Fails with ATLAS_USAGE, and never quotes what may be a password. */
function httpUrl(text: string, by: string): URL {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? '';
  const native = /^(clickhouses?|tcp|native)$/.test(scheme) ? ': the native protocol is not spoken' : '';
  if ((scheme !== 'http' && scheme !== 'https') || !URL.canParse(text)) {
    throw new AtlasError('ATLAS_USAGE', `${by} is neither http://, https:// nor chdb:${native}`, { hint: EXAMPLE });
  }
  const url = new URL(text);
  const other = [...url.searchParams.keys()].find((key) => key !== 'database');
  if (other !== undefined || url.hash !== '') {
    throw new AtlasError(
      'ATLAS_USAGE',
      `${by} goes on after its path with ${other ?? '#'}, and ?database= alone is known`,
    );
  }
  if (url.port === '9000' || url.port === '9440') {
    throw new AtlasError('ATLAS_USAGE', `${by} has port ${url.port}, which is the native protocol's`, {
      hint: `Write ${url.port === '9000' ? '8123 (http)' : '8443 (https)'}.`,
    });
  }
  return url;
}

/** Whoever writes http:// means it; that it is read on the way is said. */
function plainWarnings(text: string): readonly string[] {
  if (!/^http:/i.test(text) || !URL.canParse(text)) return [];
  const { hostname } = new URL(text);
  if (isThisMachine(hostname)) return [];
  return [`${hostname} is another machine, and spoken to by http: the password and every row could be read on the way`];
}

function hostOf(text: string): string {
  return URL.canParse(text) ? new URL(text).host : 'a server';
}

function decoded(text: string): string | null {
  if (text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function planned(name: string, url: string | undefined, choice: ConnectionChoice, cwd: string): ClickhouseConnection {
  const keys = {
    type: 'clickhouse',
    ...(url === undefined ? {} : { url }),
    ...(choice.database === null ? {} : { database: choice.database }),
  };
  return planClickhouse(name, clickhouseConnectionSchema.parse(keys), cwd);
}
