import pg from 'pg';
import { AtlasError } from '../../../errors.ts';
import type { PostgresConnection } from '../../../flow/connections.ts';
import type { Abortable } from '../../../flow/source.ts';
import { databaseError } from './database-error.ts';
import { passwordOf, userOf } from './password-of.ts';
import type { PgWire } from './pg-wire.ts';
import { ReadingSocket } from './reading-socket.ts';
import { tlsOptions } from './tls-options.ts';

/** A signed-in client whose values are the server's text. */
export interface PostgresClient {
  readonly client: pg.Client;
  readonly wire: PgWire;
  /** What ended the connection, or null while it stands. */
  readonly lost: () => unknown;
  /** Ends the connection at once, whatever it does. */
  readonly drop: (reason: unknown) => void;
}

/** Milliseconds without a packet before the system asks whether the other side is still there. */
const KEEPALIVE_MS = 30_000;

const asSent = { getTypeParser: () => (value: unknown) => value };

/** Connects and signs in, once. Fails with ATLAS_DB_*, and with what aborted it. */
export async function connectOnce(connection: PostgresConnection, { signal }: Abortable): Promise<PostgresClient> {
  signal.throwIfAborted();
  const environment = process.env;
  const { host, port, database, limits } = connection;
  const ssl = await tlsOptions(connection, environment);
  let failed: unknown = null;
  const client = open();
  const wire = (client as unknown as { readonly connection: PgWire }).connection;
  const drop = (reason: unknown): void => {
    failed ??= reason;
    wire.stream.destroy(reason instanceof Error ? reason : new Error('given up'));
  };
  client.on('error', (error) => {
    failed ??= error;
  });
  client.once('end', () => {
    failed ??= new Error('the server closed the connection');
  });
  const stop = (): void => drop(signal.reason);
  // a handshake that never ends is cut by the client library; one that is aborted, here
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    signal.throwIfAborted();
    return { client, wire, lost: () => failed, drop };
  } catch (error) {
    drop(error);
    signal.throwIfAborted();
    throw databaseError(error, { connection, doing: 'signing in' });
  } finally {
    signal.removeEventListener('abort', stop);
  }

  function open(): pg.Client {
    try {
      return new pg.Client({
        ...{ host, port, database, ssl, user: userOf(connection, environment) },
        password: () => passwordOf(connection, environment),
        connectionTimeoutMillis: limits.connect,
        keepAlive: true,
        keepAliveInitialDelayMillis: KEEPALIVE_MS,
        application_name: 'atlas-ingest',
        types: asSent,
        // TLS reads into buffers of its own
        ...(ssl === false && { stream: () => new ReadingSocket() }),
      });
    } catch (error) {
      throw databaseError(error, { connection, doing: 'signing in' });
    }
  }
}

/** Whether trying again may help. */
export function mayPass(error: unknown): error is AtlasError {
  return error instanceof AtlasError && error.retryable && error.code !== 'ATLAS_DB_CHANGED';
}
