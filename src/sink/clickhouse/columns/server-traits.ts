import type { ClickhouseServer, Waiting } from '../server/clickhouse-server.ts';
import type { LiveTable } from './live-table.ts';

/** What of a server decides which types columns can have. */
export type ServerTraits = Pick<LiveTable, 'zone' | 'hasTime64'>;

const TRAITS = `SELECT timezone() AS zone,
  (SELECT count() FROM system.settings WHERE name = 'enable_time_time64_type' AND value IN ('1', 'true')) AS time64`;

/** Asks a server for its zone, and whether it has a type for times of day. */
export async function findServerTraits(server: ClickhouseServer, waiting: Waiting): Promise<ServerTraits> {
  const [row] = await server.query({ sql: TRAITS }, waiting);
  return { zone: String(row?.['zone'] ?? ''), hasTime64: Number(row?.['time64']) > 0 };
}
