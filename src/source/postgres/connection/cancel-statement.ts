import pg from 'pg';
import type { PostgresConnection } from '../../../flow/connections.ts';
import { tlsOptions } from './tls-options.ts';

/** How long a server may take to hear that its work is not wanted, milliseconds. */
const PATIENCE_MS = 2_000;

interface Keyed {
  readonly processID?: number | null;
  readonly secretKey?: number | null;
}

interface Canceller {
  readonly stream: { destroy(): void; end(): void; unref?(): void };
  on(event: string, listener: () => void): void;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

/**
 * Asks the server, on a connection of its own as the protocol has it, to stop what a session does ("Canceling Requests in Progress").
 * Nobody waits for it: what it cannot reach stops when it next sends something.
 */
export function cancelStatement(connection: PostgresConnection, client: pg.Client): void {
  const { processID, secretKey } = client as unknown as Keyed;
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return;
  void tlsOptions(connection, process.env).then(
    (ssl) => {
      const { host, port } = connection;
      const canceller = new pg.Connection({ ssl }) as unknown as Canceller;
      const timer = setTimeout(() => canceller.stream.destroy(), PATIENCE_MS);
      timer.unref();
      const say = (): void => canceller.cancel(processID, secretKey);
      canceller.on('error', () => canceller.stream.destroy());
      canceller.on('end', () => clearTimeout(timer));
      canceller.on('connect', () => (ssl === false ? say() : canceller.requestSsl()));
      canceller.on('sslconnect', say);
      if (host.startsWith('/')) canceller.connect(`${host}/.s.PGSQL.${port}`);
      else canceller.connect(port, host);
    },
    () => {},
  );
}
