import { AtlasError } from '../../../errors.ts';
import type { ClickhouseConnection } from '../../../flow/connections.ts';
import type { ClickhouseServer, Waiting } from './clickhouse-server.ts';

/** Opens a server, or the embedded engine, as a connection says. Fails with ATLAS_CH_*. */
export async function openClickhouseServer(
  connection: ClickhouseConnection,
  waiting: Waiting,
): Promise<ClickhouseServer> {
  const { folder } = connection;
  if (folder === null) throw new AtlasError('ATLAS_INTERNAL', `${connection.name}: servers cannot be reached yet`);
  const { openEmbeddedServer } = await import('./embedded-server.ts');
  return openEmbeddedServer({ ...connection, folder }, waiting);
}
