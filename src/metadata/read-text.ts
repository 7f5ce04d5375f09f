import { readFile } from 'node:fs/promises';
import type { FileContent } from './interpolate.ts';

/** Most bytes of a metadata document, a `.env`, or a `${file:…}`. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Reads a UTF-8 text, or says why it cannot be read. */
export async function readText(path: string, signal: AbortSignal | undefined): Promise<FileContent> {
  try {
    const bytes = await readFile(path, signal === undefined ? {} : { signal });
    if (bytes.byteLength > MOST_BYTES) return { problem: `it has ${bytes.byteLength} bytes, at most ${MOST_BYTES}` };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TypeError) return { problem: 'it is not UTF-8' };
    return { problem: `it cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}` };
  }
}
