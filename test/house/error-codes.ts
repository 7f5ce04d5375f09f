import { type Problem, sourcesUnder, type Tree } from './tree.ts';

/** `ATLAS_` names that are environment variables, not codes. */
export const ENVIRONMENT: readonly string[] = [
  'ATLAS_ENV',
  'ATLAS_METADATA',
  'ATLAS_STATE',
  'ATLAS_LEDGER',
  'ATLAS_REQUIRE_SERVICES',
  'ATLAS_DEBUG',
];

/** Where the codes stand: the table, and its parts. */
const isTable = (path: string): boolean => /^src\/errors(\/[a-z-]+-codes)?\.ts$/.test(path);

const LITERAL = /\bATLAS_[A-Z][A-Z0-9_]*\b/g;

/** Codes of the table that nothing in `src/` uses, and `ATLAS_` names that neither the table nor the environment knows. */
export function checkErrorCodes(tree: Tree): readonly Problem[] {
  const tables = sourcesUnder(tree, 'src').filter(isTable);
  const table = tables.map((path) => tree.get(path) ?? '').join('\n');
  const codes = new Set([...table.matchAll(/^\s+(ATLAS_[A-Z0-9_]+): entry\(/gm)].map((match) => match[1] as string));
  const used = new Set<string>();
  const problems: Problem[] = [];
  const readers = [...sourcesUnder(tree, 'src', 'bin'), 'README.md', 'src/README.md', 'CHANGELOG.md'];
  for (const path of readers.filter((name) => !isTable(name))) {
    for (const found of (tree.get(path) ?? '').matchAll(LITERAL)) {
      const code = found[0];
      if (path.startsWith('src/') && path.endsWith('.ts')) used.add(code);
      const wildcard = code.endsWith('_');
      if (codes.has(code) || ENVIRONMENT.includes(code) || wildcard) continue;
      const line = (tree.get(path) ?? '').slice(0, found.index).split('\n').length;
      problems.push({ where: `${path}:${line}`, what: `${code} is no code of src/errors.ts` });
    }
  }
  for (const code of codes)
    if (!used.has(code)) problems.push({ where: 'src/errors.ts', what: `nothing uses ${code}` });
  return problems;
}
