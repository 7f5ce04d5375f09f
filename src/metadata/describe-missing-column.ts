import { nearest } from './nearest.ts';

const LISTED = 20;

/** That there is no such column, the one that was probably meant, and what there is (of the first twenty). */
export function describeMissingColumn(wanted: string, names: readonly string[]): string {
  const near = nearestColumn(wanted, names);
  const shown = names.slice(0, LISTED).map((name) => JSON.stringify(name));
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  const guess = near === null ? '' : `; the nearest is ${JSON.stringify(near)}`;
  return `there is no column ${JSON.stringify(wanted)}${guess}; there are ${shown.join(', ')}${more}`;
}

/** Case, blanks, hyphens and underscores cost nothing. */
function nearestColumn(wanted: string, names: readonly string[]): string | null {
  const plain = new Map<string, string>();
  for (const name of names) {
    const key = squeeze(name);
    if (!plain.has(key)) plain.set(key, name);
  }
  const same = plain.get(squeeze(wanted));
  if (same !== undefined) return same;
  const near = nearest(squeeze(wanted), plain.keys());
  return near === null ? null : (plain.get(near) ?? null);
}

function squeeze(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]+/g, '');
}
