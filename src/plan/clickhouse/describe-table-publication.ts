import type { ClickhouseDestinationPlan } from '../../flow/dataset-plan.ts';

/** What a reader of the table sees while a plan is carried out, one sentence each. */
export function describeTablePublication({ mode, onViews }: ClickhouseDestinationPlan): readonly string[] {
  if (mode === 'overwrite') return ['readers see the old table, whole, until one step (EXCHANGE TABLES) replaces it'];
  if (onViews === 'direct') {
    return [
      'rows are staged and counted, then inserted into the table itself, part by part, so that its views see them: readers see a load before it is whole',
    ];
  }
  if (mode === 'replace_partitions') {
    return [
      'partitions that the load holds are replaced by one step (REPLACE PARTITION where it is one, EXCHANGE TABLES where they are several), others stay; readers see the old ones, whole, until then',
      'a load without rows replaces nothing',
      'where others write to the table while several partitions are replaced, rows that they insert in the instant of the exchange are lost',
    ];
  }
  return [];
}
