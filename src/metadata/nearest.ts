/**
 * The candidate that was probably meant: the one at the smallest edit distance (insertion, deletion, substitution, swap of
 * neighbours; case costs nothing), or null where none is near. Ties go to the earlier candidate.
 */
export function nearest(text: string, candidates: Iterable<string>): string | null {
  const wanted = text.slice(0, 128).toLowerCase();
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const known = candidate.slice(0, 128).toLowerCase();
    const bound = Math.max(1, Math.floor(Math.max(wanted.length, known.length) * 0.4));
    if (Math.abs(wanted.length - known.length) > bound) continue;
    const distance = editDistance(wanted, known);
    if (distance <= bound && distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** A hint: ``Did you mean `x`?`` where something is near, else what is possible. */
export function suggest(text: string, candidates: Iterable<string>): string {
  const all = [...candidates];
  const near = nearest(text, all);
  if (near !== null) return `Did you mean ${JSON.stringify(near)}?`;
  return all.length === 0 ? 'Nothing is possible here.' : `Possible: ${all.join(', ')}.`;
}

function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
