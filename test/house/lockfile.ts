import type { Problem, Tree } from './tree.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * A lockfile that `npm ci` refuses or that binds packages to a host: resolved addresses, and binaries for other platforms that
 * are not locked (an install against an incomplete mirror leaves them out, and `npm ci` then fails everywhere).
 */
export function checkLockfile(tree: Tree): readonly Problem[] {
  const { packages = {} } = JSON.parse(tree.get('package-lock.json') ?? '{}') as {
    packages?: Record<string, LockedPackage>;
  };
  const problems: Problem[] = [];
  const where = 'package-lock.json';
  for (const [name, { resolved, optionalDependencies = {} }] of Object.entries(packages)) {
    if (resolved) problems.push({ where, what: `${name} is bound to the host of ${resolved}` });
    for (const [optional, version] of Object.entries(optionalDependencies)) {
      const locked = packages[`${name}/node_modules/${optional}`] ?? packages[`node_modules/${optional}`];
      const isLocked = /^\d/.test(version) ? locked?.version === version : locked !== undefined;
      if (!isLocked) problems.push({ where, what: `${optional} ${version} of ${name} is not locked` });
    }
  }
  return problems;
}
