import type { BatchColumn } from '../../batch/batch.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Bounds } from './bounds.ts';

const BOUND = 64;

/** A PLAIN data page that holds the one value of row `row`, which is larger than a page may be. */
export function oversizePage(
  kernel: Kernel,
  column: BatchColumn,
  row: number,
  nullable: boolean,
): { readonly plain: Uint8Array; readonly bounds: Bounds } {
  const start = kernel.view.getUint32(column.values + row * 4, true);
  const end = kernel.view.getUint32(column.values + (row + 1) * 4, true);
  const value = kernel.bytes.subarray(column.data + start, column.data + end);
  // one level: a run of length 1 and value 1, behind its length
  const levels = nullable ? [2, 0, 0, 0, 2, 1] : [];
  const plain = new Uint8Array(levels.length + 4 + value.byteLength);
  plain.set(levels);
  new DataView(plain.buffer).setUint32(levels.length, value.byteLength, true);
  plain.set(value, levels.length + 4);
  const kept = value.slice(0, BOUND);
  const exact = value.byteLength <= BOUND;
  return { plain, bounds: { kind: 'bytes', min: kept, max: kept, minExact: exact, maxExact: exact } };
}
