import type { StagedPartition } from '../../flow/sink.ts';
import type { Part } from './find-parts.ts';
import type { Judgement } from './judge-partition.ts';

/**
 * Whether the rows of a staged part, of whose INSERT nobody knows what became, are in the target. A part that was made of the same rows
 * has the same hash as a rule, not always: where parts came from above the highest block number of before, that ours is not among
 * them is certain only if none was merged since, and none has as many rows. Pure.
 */
export function judgeInserted(
  { hashes }: Pick<StagedPartition, 'hashes'>,
  above: bigint | null,
  staged: readonly Part[],
  live: readonly Part[],
): Judgement {
  const since = live.filter(({ lastBlock }) => above === null || lastBlock > above);
  if (since.some(({ hash }) => hashes.includes(hash))) return { kind: 'known', there: staged };
  const doubtful = since.find(({ pristine, rows }) => !pristine || staged.some((part) => part.rows === rows));
  if (doubtful === undefined) return { kind: 'known', there: [] };
  return { kind: 'unknown', why: `the target's part ${doubtful.name} was written since, and may hold them` };
}
