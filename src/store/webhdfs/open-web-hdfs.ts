import type { Store } from '../store.ts';
import { readPlan, type WebHdfsConnection } from './read-plan.ts';
import { WebHdfsStore } from './web-hdfs-store.ts';

/** A store, and what must be given back after it. */
export interface OpenWebHdfs extends AsyncDisposable {
  readonly store: Store;
}

/** Opens a connection: reads its certificates; no server is asked yet. Fails with ATLAS_HDFS_TLS. */
export async function openWebHdfs(connection: WebHdfsConnection): Promise<OpenWebHdfs> {
  return { store: new WebHdfsStore(await readPlan(connection)), [Symbol.asyncDispose]: async () => {} };
}
