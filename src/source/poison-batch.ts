import type { Batch } from '../batch/batch.ts';
import { storageOf } from '../batch/storage.ts';

const POISON = 0xdb;

/**
 * Overwrites what a released batch held, so that whoever reads it later reads nonsense and not, by luck, the old rows.
 * `fixed`: columns that the parser wrote once for all batches.
 */
export function poisonBatch(batch: Batch, fixed: ReadonlySet<number>): void {
  const { bytes, view } = batch.kernel;
  for (const [index, field] of batch.schema.fields.entries()) {
    const column = batch.columns[index];
    if (!column || fixed.has(index)) continue;
    const storage = storageOf(field.type);
    const bits = Math.ceil(batch.rows / 8);
    if (storage.kind === 'bytes') {
      const end = view.getInt32(column.values + 4 * batch.rows, true);
      if (end > 0) bytes.fill(POISON, column.data, column.data + end);
    }
    const size =
      storage.kind === 'bytes' ? 4 * (batch.rows + 1) : storage.kind === 'bits' ? bits : storage.width * batch.rows;
    bytes.fill(POISON, column.values, column.values + size);
    if (column.nullCount > 0) bytes.fill(POISON, column.validity, column.validity + bits);
  }
}
