import { moduleFacts } from './module-facts.ts';
import { type Problem, sourcesUnder, type Tree } from './tree.ts';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** Installed by those who want them. */
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Run when the package is built, never in it. */
const BUILD_STEPS: readonly string[] = ['src/kernel/build-kernel.js', 'src/cli/bundle-program.js'];

/** Versions that are not exact, dependencies without a reason in `src/README.md`, imports of packages not declared. */
export function checkDependencies(tree: Tree): readonly Problem[] {
  const manifest = JSON.parse(tree.get('package.json') ?? '{}') as Manifest;
  const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = manifest;
  const problems: Problem[] = [];
  const reasons = (tree.get('src/README.md') ?? '').split('\n');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    if (!EXACT.test(version))
      problems.push({ where: 'package.json', what: `${name} is ${version}, not an exact version` });
  }
  for (const name of Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })) {
    const reason = reasons.find((line) => line.includes(`\`${name}\``));
    if (!reason || reason.replace(/`[^`]*`/g, '').replace(/\W/g, '').length < 12) {
      problems.push({ where: 'src/README.md', what: `says no reason for ${name}` });
    }
  }
  for (const path of sourcesUnder(tree, 'src', 'test', 'bin')) {
    if (path.startsWith('src/kernel/assembly/')) continue;
    const declared =
      path.startsWith('test/') || BUILD_STEPS.includes(path) ? { ...dependencies, ...devDependencies } : dependencies;
    for (const { specifier, line } of moduleFacts(tree.get(path) as string).imports) {
      if (/^(\.|node:|data:|file:)/.test(specifier)) continue;
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      if (!Object.hasOwn(declared, name)) {
        problems.push({
          where: `${path}:${line}`,
          what: `imports ${name}, which package.json does not declare for it`,
        });
      }
    }
  }
  return problems;
}
