import { basename, dirname } from 'node:path';
import type { Abortable } from '../flow/source.ts';
import type { Stores } from '../registry.ts';

/** Characters that mean something in a pattern. */
const SPECIAL = /[*?[\]{}()!+@\\]/;
/** Files that a pattern names one by one. */
const MOST_NAMED = 12;

/** A pattern that matches exactly these files (absolute paths, or names on a connection), or null: files of one folder, alike at start and end. */
export async function coveringGlob(
  paths: readonly string[],
  { stores, signal }: Abortable & { readonly stores: Stores },
): Promise<string | null> {
  const [first = ''] = paths;
  const folder = dirname(first);
  if (paths.some((path) => dirname(path) !== folder)) return null;
  const names = paths.map((path) => basename(path));
  const start = commonStart(names);
  const end = reverse(commonStart(names.map((name) => reverse(name.slice(start.length)))));
  if (SPECIAL.test(start + end) || SPECIAL.test(folder)) return null;
  const listed = await (await stores.of(first)).list(folder, { signal });
  const join = (pattern: string): string => `${folder.replace(/\/$/, '')}/${pattern}`;
  const matched = listed
    .map(({ name }) => name)
    .filter(
      (name) =>
        name.length >= start.length + end.length &&
        name.startsWith(start) &&
        name.endsWith(end) &&
        (start !== '' || !name.startsWith('.')),
    );
  const asked = new Set(names);
  if (matched.length === asked.size && matched.every((name) => asked.has(name))) return join(`${start}*${end}`);
  // Others are alike: each by its name.
  if (names.length > MOST_NAMED || names.some((name) => SPECIAL.test(name) || name.includes(','))) return null;
  return join(`{${names.join(',')}}`);
}

function commonStart(texts: readonly string[]): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, length);
}

function reverse(text: string): string {
  return [...text].reverse().join('');
}
