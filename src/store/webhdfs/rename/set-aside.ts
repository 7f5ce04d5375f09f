import { basename, dirname } from 'node:path';
import { hiddenName } from '../../hidden-name.ts';
import { joinPath } from '../../path.ts';
import type { Found, StoreOptions } from '../../store.ts';
import type { NameNodes } from '../call/name-nodes.ts';
import { lookAt } from '../look-at.ts';

const END = '.atlas-aside';

/** Where the thing at a path stands while HttpFS replaces it, which takes two renames. */
export function asidePath(path: string): string {
  return joinPath(dirname(path), hiddenName(basename(path), END));
}

/**
 * What is at a path, and where it stands: there or, where a replacement through HttpFS has been interrupted between its two renames,
 * aside. An interrupted replacement has not happened yet.
 */
export async function lookAsideToo(
  nodes: NameNodes,
  path: string,
  options: StoreOptions,
): Promise<{ readonly at: string; readonly found: Found }> {
  const found = await lookAt(nodes, path, options);
  if (nodes.plan.api === 'webhdfs' || found.kind !== 'absent' || path.endsWith(END)) return { at: path, found };
  const aside = await lookAt(nodes, asidePath(path), options);
  return aside.kind === 'absent' ? { at: path, found } : { at: asidePath(path), found: aside };
}
