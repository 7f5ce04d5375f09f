import { stat } from 'node:fs/promises';
import { join } from 'node:path';

const NAMES = ['mysqld.sock', 'mysql.sock', 'mariadb.sock'];

/** The Unix socket that `host` names: itself, or one of the usual names in the folder that it is. */
export async function socketPath(host: string): Promise<string> {
  const found = await stat(host).catch(() => null);
  if (found?.isDirectory() !== true) return host;
  for (const name of NAMES) {
    const path = join(host, name);
    if ((await stat(path).catch(() => null))?.isSocket() === true) return path;
  }
  return join(host, NAMES[0] as string);
}
