import { isAbsolute, relative } from 'node:path';
import { schemeOf } from './path-scheme.ts';

/** What follows a folder in a path that is below it, or is it (`''`); null for any other, and for names on other machines. */
export function pathBelow(folder: string, path: string): string | null {
  if (schemeOf(folder) !== schemeOf(path)) return null;
  const inside = relative(folder, path);
  return inside === '..' || inside.startsWith('../') || isAbsolute(inside) ? null : inside;
}
