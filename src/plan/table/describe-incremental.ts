import type { IncrementalPlan } from '../../flow/dataset-plan.ts';

/** What people should know of a dataset that reads only new rows: which it may miss, and which it adds again. One sentence each. */
export function describeIncremental(incremental: IncrementalPlan | null, appends: boolean): readonly string[] {
  if (incremental === null) return [];
  const { column, kind, lag, nulls } = incremental;
  const notes: string[] = [];
  if (lag === null) {
    const day = kind === 'date' ? ' (the rest of a day, too: lag 1d reads the last one again)' : '';
    notes.push(`incremental: rows that appear later at or below the watermark of ${column} are not read${day}`);
  } else {
    const again = appends ? 'added again, as duplicates says' : 'read again, and their partitions replaced';
    notes.push(
      `incremental: rows of ${column} within ${lag} below the watermark are ${again}; later ones are not read`,
    );
  }
  if (nulls === 'include') {
    notes.push(`incremental: rows without a value in ${column} are ${appends ? 'added again' : 'read'} by every run`);
  }
  if (nulls === 'exclude') notes.push(`incremental: rows without a value in ${column} are left out, and counted`);
  return notes;
}
