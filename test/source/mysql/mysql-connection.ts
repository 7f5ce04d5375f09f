import type { MysqlConnection } from '../../../src/flow/connections.ts';
import type { MariadbFacts } from '../../services/mariadb/start-mariadb.ts';

/** The declared connection to a database of a test server. */
export function mysqlConnection(
  { host, port, user, password, tls }: MariadbFacts,
  database: string,
  changes: Partial<MysqlConnection> = {},
): MysqlConnection {
  return {
    type: 'mysql',
    name: 'shop',
    host,
    port,
    database,
    user,
    password,
    tls: tls === null ? null : { caFile: tls.caFile, certFile: null, keyFile: null, serverName: 'localhost' },
    limits: { connect: 10_000, statement: 60_000, idle: 30_000 },
    attempts: 3,
    ...changes,
  };
}
