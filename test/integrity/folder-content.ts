import { createHash } from 'node:crypto';

/** What a folder is read through: a store, or something as simple. */
export interface FolderView {
  look(path: string, options: Through): Promise<{ readonly kind: string }>;
  list(folder: string, options: Through): Promise<readonly { readonly name: string; readonly kind: string }[]>;
  open(path: string, options: Through): Promise<OpenFile>;
  remove(path: string, options: Through): Promise<void>;
}

interface Through {
  readonly signal: AbortSignal;
}

interface OpenFile extends AsyncDisposable {
  readonly length: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

const through = { signal: new AbortController().signal };

/** Checksums by path, relative; a folder without a file in it ends in a slash. */
export type Content = Readonly<Record<string, string>>;

/** Whether all of `part` is in `whole`. */
export function contains(whole: Content, part: Content): boolean {
  return Object.entries(part).every(([path, sum]) => whole[path] === sum);
}

/** Checksums of every file below a folder. */
export async function contentOf(store: FolderView, root: string, inside = ''): Promise<Content> {
  const folder = `${root}/${inside}`;
  if ((await store.look(folder, through)).kind === 'absent') return {};
  const found: Record<string, string> = {};
  const entries = await store.list(folder, through);
  if (entries.length === 0 && inside !== '') return { [`${inside}/`]: 'empty' };
  for (const { name, kind } of entries) {
    const path = inside === '' ? name : `${inside}/${name}`;
    if (kind === 'folder') Object.assign(found, await contentOf(store, root, path));
    else
      found[path] = createHash('sha256')
        .update(await textOf(store, `${root}/${path}`))
        .digest('hex');
  }
  return found;
}

/** A small file, as text. */
export async function textOf(store: FolderView, path: string): Promise<string> {
  await using reader = await store.open(path, through);
  return Buffer.from(await reader.read(0, reader.length)).toString('latin1');
}
