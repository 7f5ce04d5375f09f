/** Names in a path that begin with a dot: negated patterns match more of them than they should. */
export function hiddenParts(path: string): number {
  return path.split('/').filter((name) => /^\.[^.]/.test(name)).length;
}
