/**
 * Cuts tables that are read side by side (a table, or all partitions of one) into ranges of page numbers, so that each range holds about as
 * many pages in all. Answers where ranges begin, the first at 0; the last has no end.
 */
export function cutPages(tables: readonly number[], pagesOfRange: number): readonly number[] {
  const begins = [0];
  const ends = [...new Set(tables)].sort((a, b) => a - b);
  const least = Math.max(1, pagesOfRange);
  let taken = 0;
  let at = 0;
  for (const end of ends) {
    const beside = tables.filter((pages) => pages > at).length;
    while (at < end) {
      const step = Math.max(1, Math.ceil((least - taken) / beside));
      if (at + step >= end) {
        taken += (end - at) * beside;
        at = end;
      } else {
        at += step;
        taken = 0;
        begins.push(at);
      }
      if (taken >= least && at < (ends.at(-1) ?? 0)) {
        taken = 0;
        begins.push(at);
      }
    }
  }
  return begins;
}

/** The condition of each range. One range alone needs none. */
export function pageConditions(begins: readonly number[]): readonly (string | null)[] {
  if (begins.length < 2) return [null];
  return begins.map((begin, index) => {
    const end = begins[index + 1];
    const above = `ctid >= '(${begin},0)'::tid`;
    return end === undefined ? above : `${above} AND ctid < '(${end},0)'::tid`;
  });
}
