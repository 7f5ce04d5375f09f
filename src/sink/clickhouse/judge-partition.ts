import type { StagedPartition } from '../../flow/sink.ts';
import type { Part } from './find-parts.ts';

/** What is to be done about a partition of which nobody knows how much of it was moved. */
export type Judgement =
  /** Of the staged parts these are in the target, the others are not. */
  | { readonly kind: 'known'; readonly there: readonly Part[] }
  /** It cannot be told. */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Holds what is left of a staged partition against the target's, by hashes of parts. A part goes with its hash, so that those which the
 * target has from above the highest block number of before are ours. It can be told that a staged part is not there where every other
 * part from above was made by one INSERT and never merged since: then it cannot hold ours. Pure.
 */
export function judgePartition(
  partition: Pick<StagedPartition, 'hashes'>,
  above: bigint | null,
  staged: readonly Part[],
  live: readonly Part[],
): Judgement {
  const since = live.filter(({ lastBlock }) => above === null || lastBlock > above);
  const recorded = new Set(partition.hashes);
  const strange = staged.find(({ hash }) => !recorded.has(hash));
  if (strange !== undefined) return { kind: 'unknown', why: `the staged part ${strange.name} is not as it was staged` };
  const ours = new Map<string, number>();
  for (const { hash } of since) if (recorded.has(hash)) ours.set(hash, (ours.get(hash) ?? 0) + 1);
  // parts of the same content: of those recorded, as many were moved before as are no longer staged
  const moved = new Map<string, number>();
  for (const hash of partition.hashes) moved.set(hash, (moved.get(hash) ?? 0) + 1);
  for (const { hash } of staged) moved.set(hash, (moved.get(hash) ?? 0) - 1);
  const there = staged.filter(({ hash }) => {
    const found = (ours.get(hash) ?? 0) - (moved.get(hash) ?? 0);
    if (found <= 0) return false;
    ours.set(hash, (ours.get(hash) ?? 0) - 1);
    return true;
  });
  if (there.length === staged.length) return { kind: 'known', there };
  const changed = since.find(({ hash, pristine }) => !recorded.has(hash) && !pristine);
  if (changed === undefined) return { kind: 'known', there };
  const why = `the target's part ${changed.name} was merged or changed since, and may hold staged rows`;
  return { kind: 'unknown', why };
}
