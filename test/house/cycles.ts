import { edges } from './import-table.ts';
import type { Problem, Tree } from './tree.ts';

/** Cycles among the files of `src/`, type-only imports included: each named once, by the path that closes it. */
export function checkCycles(tree: Tree): readonly Problem[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges(tree)) next.set(from, [...(next.get(from) ?? []), to]);
  const problems: Problem[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (file: string): void => {
    const seen = trail.indexOf(file);
    if (seen >= 0) {
      problems.push({ where: file, what: `imports itself: ${[...trail.slice(seen), file].join(' → ')}` });
      return;
    }
    if (done.has(file)) return;
    trail.push(file);
    for (const other of next.get(file) ?? []) visit(other);
    trail.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return problems;
}
