import { type Problem, sourcesUnder, type Tree } from './tree.ts';

export const MOST_LINES = 400;
export const MEDIAN_LINES = 120;

const lineCount = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Files above 400 lines anywhere (AssemblyScript and tests included), and a median above 120 in `src/`. */
export function checkSizes(tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  for (const path of sourcesUnder(tree, 'src', 'test', 'bin', 'examples')) {
    const count = lineCount(tree.get(path) as string);
    if (count > MOST_LINES) problems.push({ where: path, what: `has ${count} lines, ${MOST_LINES} are allowed` });
  }
  const sizes = sourcesUnder(tree, 'src').map((path) => lineCount(tree.get(path) as string));
  const median = sizes.sort((a, b) => a - b)[sizes.length >> 1] ?? 0;
  if (median > MEDIAN_LINES)
    problems.push({ where: 'src', what: `the median file has ${median} lines, not ${MEDIAN_LINES}` });
  return problems;
}
