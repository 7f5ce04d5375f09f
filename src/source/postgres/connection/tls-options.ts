import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { AtlasError } from '../../../errors.ts';
import type { PostgresConnection } from '../../../flow/connections.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How the server is verified: always, by the system's certificates or those declared (else `PGSSLROOTCERT`), and the name it must have.
 * false where it is spoken to in plain. Fails with ATLAS_DB_TLS where a file cannot be read.
 */
export async function tlsOptions(
  { tls, name }: PostgresConnection,
  environment: Environment,
): Promise<ConnectionOptions | false> {
  if (tls === null) return false;
  const root = environment['PGSSLROOTCERT'];
  const [ca, cert, key] = await Promise.all([
    read(tls.caFile ?? (root === 'system' ? undefined : root), name),
    read(tls.certFile ?? environment['PGSSLCERT'], name),
    read(tls.keyFile ?? environment['PGSSLKEY'], name),
  ]);
  const { serverName } = tls;
  return {
    rejectUnauthorized: true,
    // the client library names the host, which may not be what the certificate has to hold
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    ...(isIP(serverName) === 0 && { servername: serverName }),
    ...(ca !== null && { ca }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
  };
}

async function read(path: string | null | undefined, name: string): Promise<string | null> {
  if (path === null || path === undefined || path === '') return null;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new AtlasError('ATLAS_DB_TLS', `${path}, for postgresql://${name}, could not be read (${code})`, { cause });
  }
}
