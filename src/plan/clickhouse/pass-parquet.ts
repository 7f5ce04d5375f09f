import type { ClickhouseDestinationPlan, FeaturePlan, SourcePlan } from '../../flow/dataset-plan.ts';

/**
 * A source whose row groups may go to a table as they rest in their files, in blocks of the table's: Parquet, every feature a plain column of it.
 * Which of them do is told by their footers. Pure.
 */
export function passParquet(
  source: SourcePlan,
  { blockRows, blockBytes }: Pick<ClickhouseDestinationPlan, 'blockRows' | 'blockBytes'>,
): SourcePlan {
  if (source.type !== 'parquet' || !source.features.every(isPlain)) return source;
  return { ...source, pass: { rows: blockRows, bytes: blockBytes } };
}

/** JSON text must be looked at, and not every server has times of day. */
function isPlain({ constant, onLoss, type }: FeaturePlan): boolean {
  return constant === null && onLoss === 'reject' && type.kind !== 'json' && type.kind !== 'time';
}
