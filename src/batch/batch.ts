import type { Kernel } from '../kernel/kernel.ts';
import type { Schema } from './schema.ts';

/**
 * One column of a batch: addresses in the kernel's memory, Arrow layout (see `storage.ts`).
 * Row 0 is at bit or value 0; `offsets[0]` is 0. A null slot holds zeroes, or an empty span.
 * Every buffer may be read 64 bytes past its end.
 */
export interface BatchColumn {
  /** Values, bits, or i32 offsets (rows + 1 of them). */
  readonly values: number;
  /** The bytes that offsets point into; 0 where the storage is not `bytes`. */
  readonly data: number;
  /** Validity bitmap, LSB first, 1 = present; meaningful only where `nullCount` > 0. */
  readonly validity: number;
  readonly nullCount: number;
}

/**
 * Rows in columns, leased from a reader's slab: an Arrow record batch that has not left kernel memory.
 * Nobody changes it, and its reader does not reuse the memory before `release()`.
 */
export interface Batch {
  readonly schema: Schema;
  readonly rows: number;
  readonly columns: readonly BatchColumn[];
  readonly kernel: Kernel;
  /** The row group ends with this batch, whatever else follows in the task. */
  readonly closesGroup: boolean;
  release(): void;
}
