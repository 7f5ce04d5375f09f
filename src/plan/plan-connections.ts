import { resolve } from 'node:path';
import type { Connections, HdfsConnection } from '../flow/connections.ts';
import type { Connection } from '../metadata/connection-schema.ts';
import type { HdfsConnectionDeclared } from '../metadata/hdfs-connection-schema.ts';
import { planClickhouse } from './plan-clickhouse.ts';
import { planDatabase } from './plan-database.ts';

/** Where WebHDFS is served, unless the URL says otherwise. */
const PATH = '/webhdfs/v1';

/** Resolves the connections of a group: absolute paths, whole URLs. Plans name them; only what opens a store or a source sees them. Pure. */
export function planConnections(declared: Readonly<Record<string, Connection>>, root: string): Connections {
  const planned: Record<string, Connections[string]> = {};
  for (const [name, connection] of Object.entries(declared)) {
    if (connection.type === 'postgresql' || connection.type === 'mysql') {
      planned[name] = planDatabase(name, connection, root);
    }
    if (connection.type === 'clickhouse') planned[name] = planClickhouse(name, connection, root);
    if (connection.type !== 'webhdfs') continue;
    // one that nobody uses may name a variable that has no value here
    const urls = typeof connection.url === 'string' ? [connection.url] : connection.url;
    if (urls.every((url) => URL.canParse(url))) planned[name] = planHdfs(name, connection, root);
  }
  return planned;
}

function planHdfs(name: string, declared: HdfsConnectionDeclared, root: string): HdfsConnection {
  const { url, kerberos, tls, timeouts } = declared;
  return {
    type: 'webhdfs',
    name,
    urls: (typeof url === 'string' ? [url] : url).map(withPath),
    api: declared.api,
    user: declared.user ?? null,
    token: declared.token ?? null,
    kerberos:
      kerberos === undefined
        ? null
        : {
            principal: kerberos.principal ?? null,
            keytab: kerberos.keytab === undefined ? null : resolve(root, kerberos.keytab),
            ticketCache: kerberos.ticket_cache === undefined ? null : cacheName(kerberos.ticket_cache, root),
            service: kerberos.service ?? null,
          },
    caFile: tls?.ca === undefined ? null : resolve(root, tls.ca),
    redirectHosts: declared.redirect_hosts ?? null,
    limits: {
      connect: timeouts.connect_ms,
      idle: timeouts.idle_ms,
      call: timeouts.call_ms,
      wait: timeouts.wait_ms,
    },
    attempts: declared.attempts,
    permission: declared.permission ?? null,
    replication: declared.replication ?? null,
    blockSize: declared.block_size ?? null,
  };
}

/** A path, or a cache of another type (`KEYRING:…`) as it stands. */
function cacheName(declared: string, root: string): string {
  const type = /^([A-Z]+):(.*)$/.exec(declared);
  if (type === null) return `FILE:${resolve(root, declared)}`;
  return type[1] === 'FILE' ? `FILE:${resolve(root, type[2] ?? '')}` : declared;
}

function withPath(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + (pathname === '/' ? PATH : pathname.replace(/\/+$/, ''));
}
