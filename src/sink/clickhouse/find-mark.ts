import { createHash } from 'node:crypto';
import { findMutations } from './find-mutations.ts';
import { findParts } from './find-parts.ts';
import { highestBlocks } from './highest-blocks.ts';
import type { Waiting } from './server/clickhouse-server.ts';
import type { TablePlace } from './table-place.ts';

/**
 * Tells a table's content from what it was: other with every insert, mutation or dropped partition, the same after merges. Block numbers
 * only grow, and a merge keeps the highest of those that it takes in.
 */
export async function findMark(place: TablePlace, table: string, waiting: Waiting): Promise<string> {
  const parts = await findParts(place, table, waiting);
  const { last } = await findMutations(place, table, waiting);
  const highest = [...highestBlocks(parts)].map(([partition, block]) => `${partition}:${block}`);
  return createHash('sha256')
    .update(`${highest.join('\n')}\n${last}`)
    .digest('hex')
    .slice(0, 32);
}
