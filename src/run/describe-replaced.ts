import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Staged, StagedTable } from '../flow/sink.ts';

/** What a load replaces in the folder or table, for people, and what its engine makes of it; nothing where there is no more to say. */
export function describeReplaced(
  { destination }: DatasetPlan,
  { replaces, files, addition, table }: Staged,
): readonly string[] {
  if (table) return describeTable(destination.mode, table);
  if (replaces?.everything) return [`everything is replaced: ${counted(replaces.files.length, 'file')} of before`];
  if (destination.mode !== 'replace_partitions') return [];
  if (files.length === 0) return ['the load holds no rows: no partition is replaced'];
  if (addition === undefined) return ['there was no folder: every partition is new'];
  if (replaces === undefined) return [];
  const { partitions, files: old } = replaces;
  return [
    `${counted(partitions.length, 'partition')} replaced, and ${counted(old.length, 'file')} of before with them`,
  ];
}

function describeTable(mode: string, { step, partitions, willCollapse }: StagedTable): readonly string[] {
  const notes = willCollapse === null ? [] : [willCollapse];
  if (mode !== 'replace_partitions') return notes;
  if (partitions.length === 0) return ['the load holds no rows: no partition is replaced'];
  if (step === 'rename') return ['there was no table: every partition is new', ...notes];
  return [`partitions that are now what the load holds: ${counted(partitions.length, 'partition')}`, ...notes];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
