import type { BatchColumn } from '../../../batch/batch.ts';
import { type Storage, storageOf } from '../../../batch/storage.ts';
import type { ParquetSourcePlan } from '../../../flow/dataset-plan.ts';
import { KERNEL_PADDING, type Kernel } from '../../../kernel/kernel.ts';

/** Bytes of values in a batch, about; rows are fewer where they are wide. */
const BATCH_BYTES = 8 << 20;
const MOST_ROWS = 16_384;
const FEWEST_ROWS = 256;
/** Room for the texts of a batch beside the longest row. */
const TEXT_BYTES = 4 << 20;

/** Where one feature's column lies in kernel memory, whatever the batch. */
export interface SlabColumn {
  readonly storage: Storage;
  readonly values: number;
  readonly validity: number;
}

/** Rows of a batch at most: a function of the plan. */
export function batchRows({ features }: ParquetSourcePlan): number {
  const width = features.reduce((sum, { type }) => sum + 1 + widthOf(storageOf(type)), 0);
  return Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(BATCH_BYTES / width))) & ~63;
}

function widthOf(storage: Storage): number {
  return storage.kind === 'fixed' ? storage.width : storage.kind === 'bytes' ? 4 : 1;
}

function valueBytes(storage: Storage, rows: number): number {
  return storage.kind === 'bits' ? rows / 8 : storage.kind === 'bytes' ? 4 * (rows + 1) : storage.width * rows;
}

/** Kernel memory for one batch at a time. */
export class BatchSlab {
  readonly rows: number;
  readonly columns: readonly SlabColumn[];
  /** Room for the texts of all columns. */
  readonly textBytes: number;
  readonly #text: number;

  constructor(kernel: Kernel, plan: ParquetSourcePlan) {
    this.rows = batchRows(plan);
    this.columns = plan.features.map(({ type }) => {
      const storage = storageOf(type);
      return {
        storage,
        values: kernel.allocate(valueBytes(storage, this.rows)),
        validity: kernel.allocate(this.rows / 8),
      };
    });
    this.textBytes = textBytesOf(plan);
    this.#text = kernel.allocate(this.textBytes + plan.features.length * KERNEL_PADDING);
  }

  /** Bytes that a slab of this plan allocates. */
  static kernelBytes(plan: ParquetSourcePlan): number {
    const rows = batchRows(plan);
    const padded = (size: number): number => size + 2 * KERNEL_PADDING;
    const columns = plan.features.map(({ type }) => padded(valueBytes(storageOf(type), rows)) + padded(rows / 8));
    const texts = padded(textBytesOf(plan) + plan.features.length * KERNEL_PADDING);
    return columns.reduce((sum, bytes) => sum + bytes, 0) + texts;
  }

  /** Where the texts of the columns of a batch begin; `lengths`: bytes of each. */
  textPlaces(lengths: readonly number[]): readonly number[] {
    let at = this.#text;
    return lengths.map((length) => {
      const place = at;
      at += (length + KERNEL_PADDING - 1) & -KERNEL_PADDING;
      return place;
    });
  }
}

function textBytesOf({ maxRowBytes }: ParquetSourcePlan): number {
  return maxRowBytes + TEXT_BYTES;
}

/** A column of a batch, at these places. */
export function batchColumn({ values, validity }: SlabColumn, data: number, nullCount: number): BatchColumn {
  return { values, data, validity, nullCount };
}
