import { moduleFacts } from './module-facts.ts';
import { type Problem, sourcesUnder, type Tree } from './tree.ts';

/** Tools insist on a default export here. */
const CONFIG = /(^|\/)[\w.-]*\.config\.ts$/;

/** Enums, default exports outside configuration files, and re-exports outside `src/index.ts`. */
export function checkExports(tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  for (const path of sourcesUnder(tree, 'src', 'test', 'bin', 'examples')) {
    const facts = moduleFacts(tree.get(path) as string);
    for (const { name, line } of facts.enums) problems.push({ where: `${path}:${line}`, what: `enum ${name}` });
    if (facts.exports.includes('default') && !CONFIG.test(path)) {
      problems.push({ where: path, what: 'has a default export' });
    }
    if (path === 'src/index.ts' || path.startsWith('src/kernel/assembly/')) continue;
    for (const { specifier, line } of facts.imports.filter(({ reexport }) => reexport)) {
      problems.push({ where: `${path}:${line}`, what: `re-exports ${specifier}; only src/index.ts may` });
    }
  }
  return problems;
}
