import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What a line of a password file must match. */
export interface PasswordKey {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface FoundPassword {
  readonly password: string | null;
  /** Why the file was not used, or null. */
  readonly problem: string | null;
}

/**
 * The password for a server in `PGPASSFILE`, or `.pgpass` in the home folder ("The Password File" in the manual of libpq). Like there, a
 * file that others may read is not used.
 */
export async function findInPasswordFile(
  key: PasswordKey,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundPassword> {
  const path = environment['PGPASSFILE'] || join(environment['HOME'] || homedir(), '.pgpass');
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return { password: null, problem: `${path} is not a file` };
    if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
      return { password: null, problem: `${path} is not used, for others may read it: chmod 600 ${path}` };
    }
    return { password: matchPassword(await readFile(path, 'utf8'), key), problem: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { password: null, problem: code === 'ENOENT' ? null : `${path} could not be read (${code})` };
  }
}

/** The password of the first line that matches: `host:port:database:user:password`, `*` for any, `\` before `:` and `\`. */
export function matchPassword(text: string, { host, port, database, user }: PasswordKey): string | null {
  const hosts = host.startsWith('/') ? [host, 'localhost'] : [host];
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    if (fields.length < 5) continue;
    const [forHost = '', forPort = '', forDatabase = '', forUser = '', password = ''] = fields;
    if (forHost !== '*' && !hosts.includes(forHost)) continue;
    if (forPort !== '*' && forPort !== String(port)) continue;
    if (forDatabase !== '*' && forDatabase !== database) continue;
    if (forUser !== '*' && forUser !== user) continue;
    return password;
  }
  return null;
}

function fieldsOf(line: string): readonly string[] {
  const fields: string[] = [];
  let field = '';
  for (let index = 0; index < line.length; index += 1) {
    const char = line[index] as string;
    if (char === '\\' && index + 1 < line.length) {
      index += 1;
      field += line[index];
    } else if (char === ':' && fields.length < 4) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  return [...fields, field];
}
