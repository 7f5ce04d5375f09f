import { userInfo } from 'node:os';
import { AtlasError } from '../../../errors.ts';
import type { PostgresConnection } from '../../../flow/connections.ts';
import { findInPasswordFile } from './password-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Who signs in: as declared, else `PGUSER`, else the account that runs us. */
export function userOf({ user }: PostgresConnection, environment: Environment): string {
  return user ?? (environment['PGUSER'] || userInfo().username);
}

/**
 * The password: as declared, else `PGPASSWORD`, else by the password file. Asked for only where the server wants one.
 * Fails with ATLAS_DB_AUTH where there is none.
 */
export async function passwordOf(connection: PostgresConnection, environment: Environment): Promise<string> {
  const given = connection.password ?? environment['PGPASSWORD'];
  if (given !== undefined && given !== '') return given;
  const { host, port, database, name } = connection;
  const user = userOf(connection, environment);
  const { password, problem } = await findInPasswordFile({ host, port, database, user }, environment);
  if (password !== null) return password;
  throw new AtlasError(
    'ATLAS_DB_AUTH',
    `postgresql://${name} asks ${user} for a password, and none is declared${problem === null ? '' : `; ${problem}`}`,
    { hint: 'Declare password as ${NAME}, or set PGPASSWORD, or write it into .pgpass.' },
  );
}
