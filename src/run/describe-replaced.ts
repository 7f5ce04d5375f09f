import type { DatasetPlan } from '../flow/dataset-plan.ts';
import type { Staged } from '../flow/sink.ts';

/** What a load replaces in the folder, for people; nothing where its mode replaces no partitions. */
export function describeReplaced(
  { destination }: DatasetPlan,
  { replaces, files, addition }: Staged,
): readonly string[] {
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

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
