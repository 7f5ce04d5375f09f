import type { PostgresConnection } from '../../../src/flow/connections.ts';
import type { PostgresFacts } from '../../services/postgres/start-postgres.ts';

/** A declared connection to a database of a test server, as plans resolve it; quick to give up. */
export function postgresConnection(
  { host, port, user, password }: Pick<PostgresFacts, 'host' | 'port' | 'user' | 'password'>,
  database: string,
  other: Partial<PostgresConnection> = {},
): PostgresConnection {
  return {
    type: 'postgresql',
    name: 'shop',
    ...{ host, port, user, password, database },
    tls: null,
    limits: { connect: 5_000, statement: 20_000, idle: 20_000 },
    attempts: 1,
    ...other,
  };
}
