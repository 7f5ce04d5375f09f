import { moduleFacts } from './module-facts.ts';
import { type Problem, sourcesUnder, type Tree } from './tree.ts';

const FORBIDDEN_ROOMS = new Set([
  'util',
  'utils',
  'common',
  'core',
  'helper',
  'helpers',
  'shared',
  'base',
  'lib',
  'misc',
]);
const FORBIDDEN_SUFFIX = /(Manager|Helper|Helpers|Util|Utils|Base|Impl|Processor)$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d))?\.(ts|js|mjs)$/;

/** A file with more exports than this is a table or a vocabulary, named after what it holds together. */
const SEVERAL = 3;

/** Lower-case words of an identifier or a kebab-case name. */
function words(name: string): readonly string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
}

/** Tolerant of inflection: plan, plans and planned are the same word. */
function akin(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return a === b || (length >= 3 && a.slice(0, Math.max(3, length - 1)) === b.slice(0, Math.max(3, length - 1)));
}

/** Rooms without meaning, class names without meaning, files not in kebab-case, files not named after an export of theirs. */
export function checkNames(tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  for (const path of sourcesUnder(tree, 'src', 'test', 'bin', 'examples')) {
    const folders = path.split('/');
    const file = folders.pop() as string;
    for (const folder of folders.filter((name) => FORBIDDEN_ROOMS.has(name))) {
      problems.push({ where: path, what: `a room called ${folder} says nothing` });
    }
    const stem = file.replace(/\..*$/, '');
    if (!KEBAB.test(file)) problems.push({ where: path, what: 'the file name is not kebab-case' });
    if (FORBIDDEN_ROOMS.has(stem)) problems.push({ where: path, what: `a file called ${stem} says nothing` });
    const facts = moduleFacts(tree.get(path) as string);
    for (const { name, line } of facts.classes.filter((found) => FORBIDDEN_SUFFIX.test(found.name))) {
      problems.push({ where: `${path}:${line}`, what: `class ${name} has a suffix that says nothing` });
    }
    if (!path.startsWith('src/') || path.startsWith('src/kernel/assembly/') || facts.exports.length === 0) continue;
    if (facts.exports.length > SEVERAL) continue;
    const exported = facts.exports.flatMap(words);
    if (stem !== 'index' && !words(stem).some((word) => exported.some((other) => akin(word, other)))) {
      problems.push({ where: path, what: `is named after none of its exports (${facts.exports.join(', ')})` });
    }
  }
  return problems;
}
