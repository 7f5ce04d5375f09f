import { resolve } from 'node:path';
import type { FileContent } from './interpolate.ts';
import { filesOfDocument } from './interpolate-document.ts';
import { readDocument } from './read-document.ts';
import { readText } from './read-text.ts';

/** Reads every `${file:…}` that the documents name; relative paths start at the folder that holds metadata/. */
export async function readReferences(
  documents: readonly { readonly file: string; readonly text: string }[],
  root: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, FileContent>> {
  const paths = new Set(
    documents.flatMap(({ file, text }) => {
      if (!text.includes('${file:') && !text.includes('\\u')) return [];
      const { node } = readDocument(text, file);
      return node === null ? [] : filesOfDocument(node);
    }),
  );
  const contents = new Map<string, FileContent>();
  for (const path of paths) contents.set(path, await readText(resolve(root, path), signal));
  return contents;
}
