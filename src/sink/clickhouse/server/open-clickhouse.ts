import type { ClickhouseConnection } from '../../../flow/connections.ts';
import type { ClickhouseServer, Waiting } from './clickhouse-server.ts';

/**
 * Opens what a connection names: a server, or the embedded engine, which takes a second; begin early. Fails as `ClickhouseServer` says, or
 * as the signal does.
 */
export async function openClickhouse(connection: ClickhouseConnection, waiting: Waiting): Promise<ClickhouseServer> {
  const { folder } = connection;
  if (folder !== null) {
    const { openEmbeddedServer } = await import('./embedded-server.ts');
    return await openEmbeddedServer({ ...connection, folder }, waiting);
  }
  const { openHttpServer } = await import('./http-server.ts');
  return await openHttpServer(connection, waiting);
}
