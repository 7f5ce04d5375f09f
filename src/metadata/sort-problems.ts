import type { Problem } from '../errors.ts';

/** Problems in the order they stand, those of `first` before those of other files; the same one is said once. */
export function sortProblems(problems: readonly Problem[], first: string): readonly Problem[] {
  const seen = new Set<string>();
  const unique = problems.filter((problem) => {
    const key = JSON.stringify([problem.message, problem.place.file, problem.place.line, problem.place.column]);
    return !seen.has(key) && seen.add(key);
  });
  const rank = (problem: Problem) => (problem.place.file === first ? '' : (problem.place.file ?? ''));
  return unique.sort(
    (a, b) =>
      (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0) ||
      (a.place.line ?? 0) - (b.place.line ?? 0) ||
      Number(a.place.column ?? 0) - Number(b.place.column ?? 0),
  );
}
