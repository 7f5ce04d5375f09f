import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { AtlasError } from '../../errors.ts';
import type { Store } from '../store.ts';
import type { WebHdfsPlan } from './web-hdfs-plan.ts';
import { WebHdfsStore } from './web-hdfs-store.ts';

/** A connection as it was declared: files that are still to be read. */
export interface WebHdfsConnection extends Omit<WebHdfsPlan, 'ca'> {
  /** Absolute path of certificates (PEM) to trust besides the system's, or null. */
  readonly caFile: string | null;
}

/** A store, and what must be given back after it. */
export interface OpenWebHdfs extends AsyncDisposable {
  readonly store: Store;
}

/** Opens a connection: reads its certificates; no server is asked yet. Fails with ATLAS_HDFS_TLS. */
export async function openWebHdfs({ caFile, ...connection }: WebHdfsConnection): Promise<OpenWebHdfs> {
  const ca = caFile === null ? null : `${await readPem(caFile)}\n${rootCertificates.join('\n')}`;
  return { store: new WebHdfsStore({ ...connection, ca }), [Symbol.asyncDispose]: async () => {} };
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new AtlasError('ATLAS_HDFS_TLS', `the certificates ${path} cannot be read: ${reason}`, {
      cause,
      place: { file: path },
    });
  }
}
