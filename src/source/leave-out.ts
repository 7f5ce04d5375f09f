import type { SourcePlan } from '../flow/dataset-plan.ts';

/** The paths that are read, of those that a plan's path names. */
export function leaveOut(paths: readonly string[], { except }: Pick<SourcePlan, 'except'>): readonly string[] {
  if (except === undefined) return paths;
  const left = new Set(except);
  return paths.filter((path) => !left.has(path));
}
