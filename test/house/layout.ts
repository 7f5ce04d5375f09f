import { IMPORT_TABLE } from './import-table.ts';
import type { Problem, Tree } from './tree.ts';

const FOLDERS = new Set(['bin', 'metadata', 'src', 'test', 'examples']);
const FILES = new Set([
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'biome.json',
]);
const NEEDED = ['README.md', 'CHANGELOG.md', 'LICENSE', 'package-lock.json', 'src/README.md', '.ci/run'];

/** What stands at the top besides dotfiles, rooms of `src/` that no table names, and what a repository must have. */
export function checkLayout(tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  const tops = new Set([...tree.keys()].map((path) => path.split('/')));
  const seen = new Set<string>();
  for (const [top = '', second = '', ...rest] of tops) {
    const isFile = second === '';
    if (!top.startsWith('.') && !(isFile ? FILES : FOLDERS).has(top) && !seen.has(top)) {
      problems.push({ where: top, what: 'does not belong at the top' });
    }
    seen.add(top);
    const room = rest.length > 0 ? second : second.replace(/\.ts$/, '');
    if (top === 'src' && !Object.hasOwn(IMPORT_TABLE, room) && second !== 'README.md' && !seen.has(`src/${room}`)) {
      problems.push({ where: `src/${second}`, what: 'is no room of the house' });
      seen.add(`src/${room}`);
    }
  }
  for (const path of NEEDED) if (!tree.has(path)) problems.push({ where: path, what: 'is missing' });
  return problems;
}
