import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import { AtlasError } from '../../errors.ts';
import type { KerberosPlan } from './credentials/kerberos-plan.ts';
import type { WebHdfsPlan } from './web-hdfs-plan.ts';

/** A connection as it was declared: files that are still to be read. */
export interface WebHdfsConnection extends Omit<WebHdfsPlan, 'ca'> {
  /** Absolute path of certificates (PEM) to trust besides the system's, or null. */
  readonly caFile: string | null;
  /** How to sign in by Kerberos, or null. */
  readonly kerberos: KerberosPlan | null;
  /** Memory of a `TokenBoard`: where the thread that signs in shows the token to the others. */
  readonly tokenBoard?: SharedArrayBuffer | null;
}

/** Reads the files that a connection names. Fails with ATLAS_HDFS_TLS. */
export async function readPlan({
  caFile,
  kerberos: _,
  tokenBoard: __,
  ...connection
}: WebHdfsConnection): Promise<WebHdfsPlan> {
  const ca = caFile === null ? null : `${await readPem(caFile)}\n${rootCertificates.join('\n')}`;
  return { ...connection, ca };
}

async function readPem(path: string): Promise<string> {
  const place = { file: path };
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const message = `the certificates ${path} cannot be read: ${cause.code ?? 'unknown'}`;
    throw new AtlasError('ATLAS_HDFS_TLS', message, { cause, place });
  });
  // TLS itself passes over those that it cannot read, and then trusts nobody.
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]*(?:-----END CERTIFICATE-----)?/g) ?? [];
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch (cause) {
      const message = `certificate ${index + 1} of ${certificates.length} in ${path} is damaged`;
      throw new AtlasError('ATLAS_HDFS_TLS', message, { cause, place });
    }
  }
  if (certificates.length > 0) return text;
  throw new AtlasError('ATLAS_HDFS_TLS', `${path} holds no certificate`, {
    place,
    hint: 'tls.ca needs a file in PEM form: lines between -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----.',
  });
}
