import { isUtf8 } from 'node:buffer';
import type { StagedColumn } from './column-queue.ts';
import type { Reason } from './reason.ts';

/** Texts of a column in kernel memory. */
export interface PlacedTexts {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Address of the offsets, rows + 1 of them. */
  readonly offsets: number;
  /** Address of the texts. */
  readonly data: number;
}

/** Copies the texts of the first `rows` rows, one behind the other; rows that are `skipped` (null = none) stay empty. */
export function writeTexts(
  { runs, starts, lengths, present, width, bytes: fixed }: StagedColumn,
  rows: number,
  { bytes, offsets, data }: PlacedTexts,
  skipped: ((row: number) => boolean) | null,
): void {
  const ends = new Int32Array(bytes.buffer, offsets, rows + 1);
  let at = 0;
  ends[0] = 0;
  if (width > 0) {
    for (let row = 0; row < rows; row += 1) {
      if (present[row] === 1) {
        bytes.set(fixed.subarray(row * width, (row + 1) * width), data + at);
        at += width;
      }
      ends[row + 1] = at;
    }
    return;
  }
  for (const { from, to, heap } of runs) {
    for (let row = from; row < Math.min(to, rows); row += 1) {
      const length = lengths[row] as number;
      if (length > 0 && (skipped === null || !skipped(row))) {
        const start = starts[row] as number;
        // a view costs more than the bytes of a short text
        if (length > 48) bytes.set(heap.subarray(start, start + length), data + at);
        else for (let index = 0; index < length; index += 1) bytes[data + at + index] = heap[start + index] as number;
        at += length;
      }
      ends[row + 1] = at;
    }
  }
}

/** Says which texts are not valid: all of them are looked at together first. */
export function checkTexts(
  { bytes, offsets, data }: PlacedTexts,
  rows: number,
  check: 'utf8' | 'json',
  fail: (row: number, reason: Reason) => void,
  isThere: (row: number) => boolean,
): void {
  const ends = new Int32Array(bytes.buffer, offsets, rows + 1);
  const all = bytes.subarray(data, data + (ends[rows] as number));
  const whole = isUtf8(all);
  for (let row = 0; row < rows; row += 1) {
    const from = ends[row] as number;
    const to = ends[row + 1] as number;
    // a text that begins or ends in the middle of a character is none, even where its neighbour has the rest
    const apart = from === to || (isStart(all[from]) && isStart(all[to]));
    if (!(whole && apart) && !isUtf8(bytes.subarray(data + from, data + to))) {
      fail(row, { code: 'ATLAS_PARQUET_UTF8', reason: 'not valid UTF-8' });
    } else if (check === 'json' && isThere(row) && !isJson(bytes.subarray(data + from, data + to))) {
      fail(row, { code: 'ATLAS_CAST_SYNTAX', reason: 'not written as json' });
    }
  }
}

/** Whether a character begins with a byte, or nothing does. */
function isStart(byte: number | undefined): boolean {
  return byte === undefined || (byte & 0xc0) !== 0x80;
}

function isJson(text: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(text).toString());
    return true;
  } catch {
    return false;
  }
}
