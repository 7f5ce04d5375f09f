import type { Batch } from './batch.ts';
import { storageOf } from './storage.ts';

/**
 * Bytes of the values of rows `from` to `to` (exclusive) before encoding: the width of a fixed column, one eighth for a
 * bit, and for a text its bytes and four for its length. Nulls count as the empty slots they are. Monotonic in `to`.
 */
export function rawBytesOf(batch: Batch, from: number, to: number): number {
  const rows = to - from;
  let bytes = 0;
  for (const [index, field] of batch.schema.fields.entries()) {
    const storage = storageOf(field.type);
    if (storage.kind === 'fixed') bytes += storage.width * rows;
    else if (storage.kind === 'bits') bytes += Math.ceil(rows / 8);
    else {
      const offsets = batch.columns[index]?.values ?? 0;
      const { view } = batch.kernel;
      bytes += 4 * rows + view.getUint32(offsets + 4 * to, true) - view.getUint32(offsets + 4 * from, true);
    }
  }
  return bytes;
}
