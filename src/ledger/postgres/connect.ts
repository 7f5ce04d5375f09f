import { Socket } from 'node:net';
import type { Client } from 'pg';
import { AtlasError } from '../../errors.ts';
import { findPassword } from './find-password.ts';
import type { LedgerAddress, LedgerHost } from './ledger-address.ts';
import { tlsOptionsOf } from './tls-options.ts';

/** A session on a server, and the means to end it at once, whatever it is waiting for. */
export interface Connected {
  readonly client: Client;
  /** Why the session is over; null while it lives. */
  lost(): Error | null;
  /** Ends it without a farewell. */
  drop(reason: Error): void;
}

/** What the ledger asks of a server; a newer one is fine. */
const OLDEST = 120_000;
const LATEST_WORD_MS = 2_000;

/**
 * Signs in to the first server of the address that answers and takes writes. Fails with what the last one failed with, ATLAS_LEDGER_TLS,
 * ATLAS_LEDGER_AUTH or ATLAS_LEDGER_DATABASE (a server or an encoding that cannot hold a ledger).
 */
export async function connect(address: LedgerAddress): Promise<Connected> {
  let last: unknown = null;
  for (const host of address.hosts) {
    try {
      const connected = await connectTo(host, address);
      if (address.hosts.length === 1 || (await takesWrites(connected))) return connected;
      last = new Error(`${host.host}:${host.port} only reads`);
      connected.drop(last as Error);
    } catch (error) {
      if (error instanceof AtlasError) throw error;
      last = error;
    }
  }
  throw last;
}

async function connectTo(host: LedgerHost, address: LedgerAddress): Promise<Connected> {
  const [{ Client: PgClient }, ssl, password] = await Promise.all([
    import('pg'),
    tlsOptionsOf(address),
    findPassword(address, host),
  ]);
  const socket = new Socket();
  const client = new PgClient({
    host: host.host,
    port: host.port,
    user: address.user,
    // '' where there is none: the library would look into the environment by itself
    password: () => password ?? '',
    database: address.database,
    ssl,
    application_name: address.applicationName,
    ...(address.options !== null && { options: address.options }),
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  let over: Error | null = null;
  const drop = (reason: Error): void => {
    over ??= reason;
    socket.destroy(reason);
  };
  client.on('error', (error) => {
    over ??= error;
  });
  client.on('end', () => {
    over ??= new Error('the server ended the session');
  });
  const connected = { client, drop, lost: () => over };
  const late = new Error(`no answer from ${host.host}:${host.port} within ${address.connectMs / 1000} s`);
  const timer = setTimeout(() => drop(late), address.connectMs);
  try {
    await client.connect();
    await check(client, address);
    return connected;
  } catch (error) {
    const reason = over === late ? late : error;
    drop(late);
    throw reason;
  } finally {
    clearTimeout(timer);
  }
}

/** Ends a session politely, within two seconds. */
export async function farewell({ client, drop, lost }: Connected): Promise<void> {
  if (lost() !== null) return;
  const timer = setTimeout(() => drop(new Error('the server did not say goodbye')), LATEST_WORD_MS);
  try {
    await client.end();
  } catch {
    // it is over either way
  } finally {
    clearTimeout(timer);
  }
}

async function check(client: Client, { database }: LedgerAddress): Promise<void> {
  const sql =
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding";
  const { rows } = await client.query<{ version: number; encoding: string }>(sql);
  const { version, encoding } = rows[0] as { version: number; encoding: string };
  if (version < OLDEST) {
    const message = `the server of the ledger is PostgreSQL ${Math.floor(version / 10_000)}, the oldest that can hold one is 12`;
    throw new AtlasError('ATLAS_LEDGER_DATABASE', message, { hint: 'Name a newer server.' });
  }
  if (encoding === 'UTF8') return;
  const message = `the database ${JSON.stringify(database)} has encoding ${encoding}, and a ledger needs UTF8: names of any script stand in it`;
  throw new AtlasError('ATLAS_LEDGER_DATABASE', message);
}

async function takesWrites({ client }: Connected): Promise<boolean> {
  const { rows } = await client.query<{ reads: string }>('SHOW transaction_read_only');
  const [row] = rows as unknown as readonly { readonly transaction_read_only: string }[];
  return row?.transaction_read_only === 'off';
}
