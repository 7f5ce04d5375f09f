import { join, posix } from 'node:path';

/** What a name on another machine begins with: scheme and authority (`hdfs://lake`). */
const AUTHORITY = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*/;

/** A name below a folder: a local path, or what follows an authority (`hdfs://lake/a` + `b` → `hdfs://lake/a/b`). */
export function joinPath(folder: string, ...names: readonly string[]): string {
  const authority = AUTHORITY.exec(folder)?.[0];
  if (authority === undefined) return join(folder, ...names);
  return authority + posix.join('/', folder.slice(authority.length), ...names);
}

/** Whether a name begins with scheme and authority: it is in no local folder. */
export function isRemote(name: string): boolean {
  return AUTHORITY.test(name);
}
