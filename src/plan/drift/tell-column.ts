import type { TypeComparison } from './compare-column-types.ts';
import type { ColumnComparison } from './compare-columns.ts';
import { nameColumn, someOf } from './name-columns.ts';

/** What a comparison was made over. */
export interface DriftStory {
  /** The published run that was compared with, or null. */
  readonly since: string | null;
  /** Inputs that name their columns. */
  readonly files: number;
  /** How columns of a table changed that are still there. */
  readonly types: TypeComparison;
}

/**
 * Where a column stands and does not, in words: `column "tip" is new since run R, and stands in 1 of 3 files (c.csv)`.
 * `wanted`: that it is missing is what matters, however many files lack it.
 */
export function tellColumn(name: string, comparison: ColumnComparison, story: DriftStory, wanted = false): string {
  const { since, files } = story;
  const parts: string[] = [];
  const places = comparison.partial.find((each) => each.name === name);
  if (comparison.appeared.some((each) => each.name === name)) parts.push(`is new since run ${since}`);
  if (comparison.gone.includes(name)) parts.push(`is gone since run ${since}`);
  else if (!comparison.union.includes(name)) parts.push(files === 1 ? 'is missing' : 'is missing in all files');
  const retyped = story.types.retyped.find((each) => each.name === name);
  if (retyped !== undefined) parts.push(`was ${retyped.before} in run ${since} and is ${retyped.after}`);
  if (story.types.loosened.includes(name)) parts.push(`may be null since run ${since}`);
  if (places !== undefined) {
    const { has, lacks } = places;
    const [how, which] = !wanted && has.length <= lacks.length ? ['stands', has] : ['is missing', lacks];
    parts.push(`${how} in ${which.length} of ${files} files (${someOf(which)})`);
  }
  if (parts.length === 0) parts.push('is taken by no declared feature');
  return `${nameColumn(name)} ${parts.join(', and ')}`;
}
