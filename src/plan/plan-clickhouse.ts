import { resolve } from 'node:path';
import type { ClickhouseConnection } from '../flow/connections.ts';
import type { ClickhouseConnectionDeclared } from '../metadata/clickhouse-connection-schema.ts';

/** Resolves a ClickHouse connection: absolute paths, a server or the embedded engine. Pure. */
export function planClickhouse(
  name: string,
  declared: ClickhouseConnectionDeclared,
  root: string,
): ClickhouseConnection {
  const { url, database, user, password, tls, timeouts, attempts, compression } = declared;
  const urls = url === undefined ? null : typeof url === 'string' ? [url] : url;
  const embedded = urls?.find((each) => each.startsWith('chdb:')) ?? null;
  const file = (path: string | undefined): string | null => (path === undefined ? null : resolve(root, path));
  return {
    type: 'clickhouse',
    name,
    folder: embedded === null ? null : resolve(root, embedded.replace(/^chdb:(\/\/)?/, '')),
    urls: embedded === null ? urls : null,
    database: database ?? null,
    user: user ?? null,
    password: password ?? null,
    tls: { caFile: file(tls?.ca), certFile: file(tls?.cert), keyFile: file(tls?.key) },
    plaintext: declared.dangerously_allow_plaintext,
    exclusive: embedded !== null || declared.writer === 'exclusive',
    compression: embedded === null ? compression : 'none',
    limits: { connect: timeouts.connect_ms, statement: timeouts.statement_ms, idle: timeouts.idle_ms },
    attempts,
  };
}
