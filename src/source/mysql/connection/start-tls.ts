import { readFile } from 'node:fs/promises';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect } from 'node:tls';
import { AtlasError } from '../../../errors.ts';
import type { MysqlConnection } from '../../../flow/connections.ts';
import type { Client } from './client.ts';

/** What the server is known by, and what it knows us by. */
export interface TlsMaterial {
  readonly serverName: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads the certificates of a connection; null where it is plain. Fails with ATLAS_DB_TLS where a file cannot be read. */
export async function readTlsMaterial({ name, tls }: MysqlConnection): Promise<TlsMaterial | null> {
  if (tls === null) return null;
  const read = async (path: string | null, key: string): Promise<Record<string, Buffer>> => {
    if (path === null) return {};
    try {
      return { [key]: await readFile(path) };
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code ?? 'it cannot be read';
      throw new AtlasError('ATLAS_DB_TLS', `tls.${key} of the connection ${name} is ${path}: ${why}`, { cause });
    }
  };
  const [ca, cert, key] = await Promise.all([
    read(tls.caFile, 'ca'),
    read(tls.certFile, 'cert'),
    read(tls.keyFile, 'key'),
  ]);
  return { serverName: tls.serverName, ...ca, ...cert, ...key };
}

/**
 * Makes a client speak TLS as this project wants it: chain and name are verified before a byte of the sign-in is sent, also where the
 * name is an address (which mysql2 would compare with `localhost`).
 */
export function verifyTls(client: Client, material: TlsMaterial): void {
  const { serverName, ...certificates } = material;
  client.startTLS = (secured) => {
    const plain: Socket = client.stream;
    plain.removeAllListeners('data');
    let verified = false;
    const secure = connect({
      socket: plain,
      ...certificates,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: true,
      ...(isIP(serverName) === 0 && { servername: serverName }),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    });
    secure.once('secureConnect', () => {
      verified = true;
      secured();
    });
    secure.on('error', (error) => {
      if (verified) client._handleNetworkError(error);
      // mysql2 overwrites the code of what it is told
      else secured(new Error(error.message, { cause: error }));
    });
    secure.on('data', (bytes: Buffer) => client.packetParser.execute(bytes));
    client.stream = secure;
  };
}
