/** The scheme of a URL (`hdfs` of `hdfs://lake/x`), or null for a plain path. */
export function schemeOf(path: string): string | null {
  return /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(path)?.[1]?.toLowerCase() ?? null;
}
