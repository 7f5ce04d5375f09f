import type { TableDescription } from '../../../flow/table-description.ts';
import type { Task } from '../../../flow/task.ts';
import { encodeSlice } from '../mysql-slice.ts';

/** Pieces where nobody knows how much will come. */
const UNKNOWN = 256;
const MOST = 1024;
/** Rows may take more bytes on the wire than in the server's estimate. */
const MARGIN = 3;

/**
 * As many tasks as a result may have pieces: those behind its end are empty, and what comes behind the last of them belongs to it. One
 * where the server expects so little that threads would not pay.
 */
export function cutPieces({ estimatedBytes }: TableDescription, sliceBytes: number): readonly Task[] {
  const count =
    estimatedBytes === null
      ? UNKNOWN
      : estimatedBytes <= sliceBytes / 4
        ? 1
        : Math.min(MOST, Math.ceil((estimatedBytes * MARGIN) / sliceBytes) + 1);
  return Array.from({ length: count }, (_, piece) => ({
    index: piece,
    follows: false,
    begin: null,
    bytes: null,
    slice: encodeSlice({ kind: 'piece', piece }),
  }));
}
