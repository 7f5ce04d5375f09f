import type { ParquetSourcePlan } from '../../flow/dataset-plan.ts';
import type { Task } from '../../flow/task.ts';
import type { Group, ParquetFile } from './file/parquet-file.ts';
import { encodeSlice } from './parquet-state.ts';

/**
 * The tasks of one file, of which `bytes` is the length: consecutive row groups together up to `sliceBytes` decompressed bytes of the
 * columns taken (with `pass`, up to its bounds), a larger one alone. Where row groups do not stand one behind the other, the file is one task. A task's own bytes begin
 * where its first row group does (of the first task: the file) and end where the next task's begin.
 */
export function cutGroups(
  { groups }: ParquetFile,
  file: number,
  bytes: number,
  taken: ReadonlySet<number>,
  sliceBytes: number,
  pass: ParquetSourcePlan['pass'] | null = null,
): readonly Omit<Task, 'index'>[] {
  const bounds = pass ?? { rows: Number.POSITIVE_INFINITY, bytes: sliceBytes };
  const cuts = inOrder(groups) ? cutPoints(groups, taken, bounds) : [0];
  return cuts.map((first, index) => {
    const next = cuts[index + 1];
    const last = next ?? groups.length;
    const begin = index === 0 ? 0 : startOf(groups[first] as Group);
    const end = next === undefined ? bytes : startOf(groups[next] as Group);
    const rows = groups.slice(first, last).reduce((sum, group) => sum + group.rows, 0);
    return {
      follows: false,
      begin,
      bytes: end - begin,
      rowsAtMost: rows,
      slice: encodeSlice({ file, first, last, begin, end, ...(pass !== null && { pass: true as const }) }),
    };
  });
}

function cutPoints(
  groups: readonly Group[],
  taken: ReadonlySet<number>,
  most: { readonly rows: number; readonly bytes: number },
): readonly number[] {
  const cuts = [0];
  let held = 0;
  let rows = 0;
  groups.forEach((group, index) => {
    const bytes = group.chunks.reduce(
      (sum, { leaf, decompressed }) => sum + (taken.has(leaf.index) ? decompressed : 0),
      0,
    );
    if (index > 0 && (held + bytes > most.bytes || rows + group.rows > most.rows)) {
      cuts.push(index);
      held = 0;
      rows = 0;
    }
    held += bytes;
    rows += group.rows;
  });
  return cuts;
}

function startOf({ chunks }: Group): number {
  return Math.min(...chunks.map(({ start }) => start));
}

function endOf({ chunks }: Group): number {
  return Math.max(...chunks.map(({ end }) => end));
}

function inOrder(groups: readonly Group[]): boolean {
  return groups.every((group, index) => {
    const before = groups[index - 1];
    return before === undefined || (group.chunks.length > 0 && endOf(before) <= startOf(group));
  });
}
