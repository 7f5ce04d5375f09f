import type { Batch } from '../../batch/batch.ts';
import { storageOf } from '../../batch/storage.ts';

/** One column of a batch, copied out of the kernel's memory. */
export interface HeldColumn {
  readonly values: Uint8Array<ArrayBuffer>;
  /** Offsets of a text column; null for others. */
  readonly offsets: Uint32Array<ArrayBuffer> | null;
  /** null = no nulls. */
  readonly validity: Uint8Array<ArrayBuffer> | null;
}

/** Rows that wait for the others of their partition; grouped, so that each partition's rows stand together in order. */
export interface HeldBatch {
  readonly columns: readonly HeldColumn[];
  /** Rows, partition by partition. */
  readonly order: Uint32Array<ArrayBuffer>;
  /** Where partition p starts in `order`; the rows of p end where p + 1 starts. */
  readonly starts: Uint32Array<ArrayBuffer>;
}

/** Copies the given columns of the first `numbers.length` rows; `numbers` are their partitions, all below `partitions`. */
export function holdBatch(
  batch: Batch,
  columns: readonly number[],
  numbers: Uint16Array,
  partitions: number,
): HeldBatch {
  const rows = numbers.length;
  const { bytes } = batch.kernel;
  const copy = (address: number, length: number): Uint8Array<ArrayBuffer> => bytes.slice(address, address + length);
  const held = columns.map((index): HeldColumn => {
    const column = batch.columns[index] as Batch['columns'][number];
    const storage = storageOf((batch.schema.fields[index] as Batch['schema']['fields'][number]).type);
    const validity = column.nullCount > 0 ? copy(column.validity, Math.ceil(rows / 8)) : null;
    if (storage.kind !== 'bytes') {
      const length = storage.kind === 'bits' ? Math.ceil(rows / 8) : rows * storage.width;
      return { values: copy(column.values, length), offsets: null, validity };
    }
    const offsets = new Uint32Array(copy(column.values, (rows + 1) * 4).buffer);
    return { values: copy(column.data, offsets[rows] ?? 0), offsets, validity };
  });
  return { columns: held, ...group(numbers, partitions) };
}

/** A stable counting sort. */
function group(numbers: Uint16Array, partitions: number): Pick<HeldBatch, 'order' | 'starts'> {
  const starts = new Uint32Array(partitions + 1);
  for (const number of numbers) starts[number + 1] = (starts[number + 1] ?? 0) + 1;
  for (let at = 1; at <= partitions; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const next = starts.slice();
  const order = new Uint32Array(numbers.length);
  for (const [row, number] of numbers.entries()) {
    const at = next[number] ?? 0;
    order[at] = row;
    next[number] = at + 1;
  }
  return { order, starts };
}
