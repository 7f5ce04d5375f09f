import { createHash } from 'node:crypto';
import { findMutations } from './find-mutations.ts';
import { byPartition, findParts } from './find-parts.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/**
 * Tells a table's content from what it was: other with every insert, mutation or dropped partition, the same after merges. Block numbers
 * only grow, and a merge keeps the highest of those that it takes in.
 */
export async function findMark(place: TablePlace, table: string, waiting: Waiting): Promise<string> {
  const parts = await findParts(place, table, waiting);
  const { last } = await findMutations(place, table, waiting);
  const highest = [...byPartition(parts)].map(
    ([partition, of]) => `${partition}:${of.reduce((most, { lastBlock }) => (lastBlock > most ? lastBlock : most), -1n)}`,
  );
  return createHash('sha256').update(`${highest.join('\n')}\n${last}`).digest('hex').slice(0, 32);
}
