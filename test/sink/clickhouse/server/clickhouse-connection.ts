import type { ClickhouseConnection } from '../../../../src/flow/connections.ts';

/** A connection as `plan` resolves it, but for what is said. */
export function clickhouseConnection(said: Partial<ClickhouseConnection>): ClickhouseConnection {
  return {
    type: 'clickhouse',
    name: 'olap',
    folder: null,
    urls: null,
    database: null,
    user: null,
    password: null,
    tls: { caFile: null, certFile: null, keyFile: null },
    plaintext: false,
    exclusive: false,
    compression: 'auto',
    limits: { connect: 5_000, statement: 60_000, idle: 30_000 },
    attempts: 3,
    ...said,
  };
}
