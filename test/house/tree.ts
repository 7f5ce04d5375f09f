import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository as the checks see it: path from its root (with `/`) to text. */
export type Tree = ReadonlyMap<string, string>;

/** A problem a check found; `where` is a path, with a line where there is one. */
export interface Problem {
  readonly where: string;
  readonly what: string;
}

/** What git does not track: the same names as in `.gitignore`. */
const UNTRACKED = new Set(['node_modules', 'dist', 'out', '.atlas', '.git', '.env', 'coverage']);
const BINARY = /\.(parquet|gz|zst|wasm|png|arrow|bin)$/;

/** Reads every tracked text file under the root of the repository. */
export function readTree(root: string = fileURLToPath(new URL('../..', import.meta.url))): Tree {
  const tree = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (UNTRACKED.has(entry.name) || /\.(log|cpuprofile)$/.test(entry.name)) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) tree.set(path, BINARY.test(path) ? '' : readFileSync(join(root, path), 'utf8'));
    }
  };
  walk('');
  return tree;
}

/** An in-memory tree for the checks' own tests. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files));
}

/** Paths of TypeScript and AssemblyScript sources under a folder. */
export function sourcesUnder(tree: Tree, ...folders: readonly string[]): readonly string[] {
  return [...tree.keys()]
    .filter((path) => /\.(ts|mts|js|mjs)$/.test(path) && folders.some((folder) => path.startsWith(`${folder}/`)))
    .sort();
}

/** Problems as lines, so that a failed assertion reads like a compiler's output. */
export function lines(problems: readonly Problem[]): readonly string[] {
  return problems.map((problem) => `${problem.where}: ${problem.what}`);
}
