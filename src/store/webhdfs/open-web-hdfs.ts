import type { Store } from '../store.ts';
import { NameNodes } from './call/name-nodes.ts';
import type { LoadCrcKernel } from './checksum/chunk-crcs.ts';
import { openCredentials } from './credentials/open-credentials.ts';
import { readPlan, type WebHdfsConnection } from './read-plan.ts';
import { WebHdfsStore } from './web-hdfs-store.ts';

/** A store, and what must be given back after it. */
export interface OpenWebHdfs extends AsyncDisposable {
  readonly store: Store;
}

/**
 * Opens a connection: reads its certificates; no server is asked yet. `kernel`: the hot loop of checksums, if there is a fast one. Fails
 * with ATLAS_HDFS_TLS.
 */
export async function openWebHdfs(
  connection: WebHdfsConnection,
  kernel: LoadCrcKernel | null = null,
): Promise<OpenWebHdfs> {
  const plan = await readPlan(connection);
  const credentials = await openCredentials(connection, plan);
  const nodes = new NameNodes(plan, credentials);
  return {
    store: new WebHdfsStore(nodes, kernel),
    async [Symbol.asyncDispose]() {
      nodes[Symbol.dispose]();
      await credentials[Symbol.asyncDispose]();
    },
  };
}
