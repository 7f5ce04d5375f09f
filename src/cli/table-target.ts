import type { Connections } from '../flow/connections.ts';

/** A table that a receipt names, and the connection that leads there now. */
export interface TableTarget {
  readonly connection: string;
  readonly database: string;
  readonly table: string;
}

/** Whether a receipt's target is a table of a ClickHouse. */
export function isTableTarget(target: string): boolean {
  return /^(clickhouse:\/\/|chdb:)/.test(target);
}

/**
 * What a receipt's target says (`clickhouse://ch1:8443/olap.orders`, `chdb:/data/ch/atlas.orders`), by the connections that are declared now;
 * null where none leads there. A connection that leaves its address to the environment stands for any server.
 */
export function tableTarget(target: string, connections: Connections): TableTarget | null {
  const cut = target.lastIndexOf('/');
  const server = target.slice(0, cut);
  const dot = target.indexOf('.', cut);
  if (cut < 0 || dot < 0) return null;
  const [database, table] = [target.slice(cut + 1, dot), target.slice(dot + 1)];
  for (const [name, connection] of Object.entries(connections)) {
    if (connection.type !== 'clickhouse') continue;
    const { folder, urls } = connection;
    const leads =
      folder === null
        ? server.startsWith('clickhouse://') &&
          (urls === null || urls.some((url) => URL.canParse(url) && server === `clickhouse://${new URL(url).host}`))
        : server === `chdb:${folder}`;
    if (leads) return { connection: name, database, table };
  }
  return null;
}
