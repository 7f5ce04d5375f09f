import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { AtlasError } from '../../errors.ts';
import type { LedgerAddress } from './ledger-address.ts';

/**
 * What `sslmode`, `sslrootcert`, `sslcert` and `sslkey` mean to Node's TLS, as libpq reads them; false = no TLS. `require` trusts any
 * certificate unless an authority is given. Fails with ATLAS_LEDGER_TLS where a file cannot be read.
 */
export async function tlsOptionsOf(address: LedgerAddress): Promise<ConnectionOptions | false> {
  const { sslmode, sslrootcert, sslcert, sslkey } = address;
  if (sslmode === 'disable') return false;
  const ca = sslrootcert === null || sslrootcert === 'system' ? null : await read('sslrootcert', sslrootcert);
  const trusts = sslmode === 'require' && sslrootcert === null;
  return {
    ...(ca !== null && { ca }),
    ...(sslcert !== null && { cert: await read('sslcert', sslcert) }),
    ...(sslkey !== null && { key: await read('sslkey', sslkey) }),
    rejectUnauthorized: !trusts,
    // only `verify-full` asks whether the certificate is that host's
    ...(sslmode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
}

async function read(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unreadable';
    const message = `${option} of the ledger is ${path}, which cannot be read (${why})`;
    throw new AtlasError('ATLAS_LEDGER_TLS', message, { cause, place: { file: path } });
  }
}
