import type { Problem, Tree } from './tree.ts';

/** Traces of the machine a file was written on. Spelled in pieces, so that this file does not hold them. */
const TRACES: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`(?<![\\w./-])/(${['wo' + 'rk', 'ro' + 'ot', 'Us' + 'ers'].join('|')})/[\\w.-]`),
    'a path of one machine',
  ],
  [new RegExp(`(?<![\\w.-])/ho${'me'}/(?!user\\b|me\\b|etl\\b)[\\w.-]`), 'a path of one machine'],
  [new RegExp(`[A-Z]:\\\\+Us${'ers'}\\\\`), 'a path of one machine'],
  [new RegExp(`regis${'try'}\\.(npmjs|yarnpkg|npmmirror)\\.`), 'a registry host'],
  [new RegExp(`^\\s*regis${'try'}\\s*=`, 'm'), 'a registry setting'],
  [new RegExp(`\\bwork${'tree'}s?\\b`, 'i'), 'a word about how it was made'],
];

/** Machine paths and registry hosts in tracked files. */
export function checkTraces(tree: Tree): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [path, text] of tree) {
    if (path.startsWith('test/fixtures/')) continue;
    for (const [pattern, what] of TRACES) {
      const found = pattern.exec(text);
      if (found) {
        const line = text.slice(0, found.index).split('\n').length;
        problems.push({ where: `${path}:${line}`, what: `holds ${what}` });
      }
    }
  }
  return problems;
}
