const MERGES: readonly (readonly [RegExp, string])[] = [
  [/Replacing/, 'keeps the last of rows with the same sorting key'],
  [/VersionedCollapsing|Collapsing/, 'removes pairs of rows with opposite signs'],
  [/Summing/, 'adds up rows with the same sorting key'],
  [/Aggregating|Graphite/, 'joins rows with the same sorting key'],
  [/Coalescing/, 'joins rows with the same sorting key'],
];

/** How a table's engine may make fewer rows of those that are given to it, as a sentence; null where it keeps all. */
export function willCollapse(engine: string): string | null {
  const found = MERGES.find(([pattern]) => pattern.test(engine));
  return found === undefined
    ? null
    : `${engine} ${found[1]} whenever it merges: the table may hold fewer rows than were published`;
}
