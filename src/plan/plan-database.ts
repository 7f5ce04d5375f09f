import { resolve } from 'node:path';
import type { DatabaseConnection } from '../flow/connections.ts';
import type { MysqlConnectionDeclared, PostgresConnectionDeclared } from '../metadata/database-connection-schema.ts';
import { isThisMachine } from '../metadata/this-machine.ts';

/** Resolves a database connection: absolute paths, and whether TLS is spoken. Pure. */
export function planDatabase(
  name: string,
  declared: PostgresConnectionDeclared | MysqlConnectionDeclared,
  root: string,
): DatabaseConnection {
  const { type, host, database, user, password, timeouts, attempts } = declared;
  const plain = declared.tls === false || declared.dangerously_allow_plaintext;
  const tls = declared.tls === false ? undefined : declared.tls;
  const file = (path: string | undefined): string | null => (path === undefined ? null : resolve(root, path));
  return {
    type,
    name,
    host,
    port: Number(declared.port),
    database,
    user: user ?? null,
    password: password ?? null,
    tls:
      plain || (tls === undefined && isThisMachine(host))
        ? null
        : {
            caFile: file(tls?.ca),
            certFile: file(tls?.cert),
            keyFile: file(tls?.key),
            serverName: tls?.server_name ?? host,
          },
    limits: { connect: timeouts.connect_ms, statement: timeouts.statement_ms, idle: timeouts.idle_ms },
    attempts,
  };
}
