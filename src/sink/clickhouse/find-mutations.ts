import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

const MUTATIONS = `SELECT max(toUInt64OrZero(extract(mutation_id, '\\\\d+'))) AS last, countIf(NOT is_done) AS open
FROM system.mutations WHERE database = {database:String} AND table = {table:String}`;

/** What has been asked of a table by ALTER … UPDATE and DELETE: the number of the last, and how many are not done. */
export async function findMutations(
  place: TablePlace,
  table: string,
  waiting: Waiting,
): Promise<{ readonly last: string; readonly open: number }> {
  const [row] = await place.query(MUTATIONS, waiting, { table });
  return { last: String(row?.['last'] ?? '0'), open: Number(row?.['open'] ?? 0) };
}
