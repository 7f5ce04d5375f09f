import { byPartition, type Part } from './find-parts.ts';

/** Highest block number of some parts, by partition. It only grows, and merges keep it. */
export function highestBlocks(parts: readonly Part[]): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [partition, of] of byPartition(parts)) {
    let most = -1n;
    for (const { lastBlock } of of) if (lastBlock > most) most = lastBlock;
    found.set(partition, most);
  }
  return found;
}
