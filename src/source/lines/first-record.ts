import type { Input } from '../input.ts';
import { afterLineEnd, type Newline } from './line-end.ts';

const READ = 1 << 16;

/**
 * Guesses where the first record at or after `nominal` starts, without reading what stands before: after the first physical line
 * end at or after the byte before. Where no line ends up to `to` (the end of the slice), no record starts in the slice, and `to`
 * is the answer: wrong only where it cannot matter, because the reader before will have gone further.
 */
export async function guessFirstRecord(file: Input, nominal: number, to: number, newline: Newline): Promise<number> {
  const chunk = new Uint8Array(READ);
  // A CR before the nominal start may belong to the LF at it.
  let at = Math.max(0, nominal - 2);
  let skip = nominal - 1 - at;
  while (at < to) {
    const count = await file.read(chunk, at);
    const bytes = chunk.subarray(0, count);
    const final = at + count >= file.bytes;
    if (skip === 1 && newline === 'cr' && bytes[0] === 13 && bytes[1] === 10) return nominal;
    const after = afterLineEnd(bytes, skip, newline, final);
    if (after >= 0) return at + after;
    if (final) return file.bytes;
    // The last byte again, in case it is a CR.
    at += count - 1;
    skip = 0;
  }
  return to;
}
