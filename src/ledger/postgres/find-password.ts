import { readFile, stat } from 'node:fs/promises';
import { AtlasError } from '../../errors.ts';
import type { LedgerAddress, LedgerHost } from './ledger-address.ts';

/**
 * The password for a server: the one that was said, else that of the first line of the password file (`host:port:database:user:password`,
 * `*` for any, `\` before `:` and `\`) that fits; null where there is none. Fails with ATLAS_LEDGER_AUTH where others may read the file.
 */
export async function findPassword(address: LedgerAddress, { host, port }: LedgerHost): Promise<string | null> {
  const { password, passfile, database, user } = address;
  if (password !== null || passfile === null) return password;
  const text = await readPrivate(passfile);
  // libpq writes `localhost` for a Unix socket
  const name = host.startsWith('/') ? 'localhost' : host;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = '']) =>
      field.replace(/\\(.)/g, '$1'),
    );
    const wanted = [name, String(port), database, user];
    if (fields.length > 4 && wanted.every((value, at) => fields[at] === '*' || fields[at] === value)) {
      return fields[4] as string;
    }
  }
  return null;
}

async function readPrivate(path: string): Promise<string> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) {
      const message = `${path} may be read by others (mode ${(mode & 0o777).toString(8)}), and is not used`;
      throw new AtlasError('ATLAS_LEDGER_AUTH', message, { place: { file: path }, hint: `chmod 600 ${path}` });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    return '';
  }
}
