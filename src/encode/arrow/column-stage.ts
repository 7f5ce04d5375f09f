import type { BatchColumn } from '../../batch/batch.ts';
import type { Field } from '../../batch/schema.ts';
import { type Storage, storageOf } from '../../batch/storage.ts';
import { AtlasError } from '../../errors.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { StagedColumn } from './staging.ts';
import type { TextArea } from './text-area.ts';

/** A buffer of a message: pieces of kernel memory that follow each other (address, length, address, length, …). */
export interface StagedBuffer {
  readonly bytes: number;
  readonly pieces: readonly number[];
  /** Of its last byte those that belong to rows, or 0 where all do. */
  readonly lastBits: number;
}

const NOTHING: StagedBuffer = { bytes: 0, pieces: [], lastBits: 0 };

/** One column of the open fragment. */
export class ColumnStage {
  readonly #kernel: Kernel;
  readonly #field: Field;
  readonly #storage: Storage;
  readonly #staged: StagedColumn;
  readonly #texts: TextArea;
  #nulls = 0;
  #pieces: number[] = [];
  #textBytes = 0;

  constructor(kernel: Kernel, field: Field, staged: StagedColumn, texts: TextArea) {
    this.#kernel = kernel;
    this.#field = field;
    this.#storage = storageOf(field.type);
    this.#staged = staged;
    this.#texts = texts;
  }

  /** Rows without a value. */
  get nulls(): number {
    return this.#nulls;
  }

  /** Appends rows `from` to `to` (exclusive) of a batch's column behind the `rows` that are there. */
  append(column: BatchColumn, from: number, to: number, rows: number): void {
    const { exports, bytes } = this.#kernel;
    const { values } = this.#staged;
    const count = to - from;
    this.#appendValidity(column, from, count, rows);
    if (this.#storage.kind === 'bits') exports.arrowCopyBits(values, rows, column.values, from, count);
    else if (this.#storage.kind === 'fixed') {
      const { width } = this.#storage;
      bytes.copyWithin(values + rows * width, column.values + from * width, column.values + to * width);
    } else this.#appendTexts(column, from, to, rows);
  }

  /** The buffers of a message of these rows, in the order of Arrow's layout. */
  buffers(rows: number): readonly StagedBuffer[] {
    const { values, validity } = this.#staged;
    const present = this.#nulls === 0 ? NOTHING : bitsOf(validity, rows);
    switch (this.#storage.kind) {
      case 'bits':
        return [present, bitsOf(values, rows)];
      case 'fixed':
        return [present, wholeOf(values, rows * this.#storage.width)];
      case 'bytes':
        return [
          present,
          wholeOf(values, (rows + 1) * 4),
          { bytes: this.#textBytes, pieces: this.#pieces, lastBits: 0 },
        ];
    }
  }

  clear(): void {
    this.#nulls = 0;
    this.#pieces = [];
    this.#textBytes = 0;
  }

  /** Bits of presence are kept from the first null on. */
  #appendValidity(column: BatchColumn, from: number, count: number, rows: number): void {
    const { exports } = this.#kernel;
    const { validity } = this.#staged;
    const nulls = column.nullCount === 0 ? 0 : count - exports.arrowCountBits(column.validity, from, count);
    if (nulls > 0) {
      if (validity === 0) {
        throw new AtlasError('ATLAS_INTERNAL', `${nulls} nulls in column ${this.#field.name}, which takes none`);
      }
      if (this.#nulls === 0) exports.arrowSetBits(validity, 0, rows);
      exports.arrowCopyBits(validity, rows, column.validity, from, count);
    } else if (this.#nulls > 0) exports.arrowSetBits(validity, rows, count);
    this.#nulls += nulls;
  }

  #appendTexts(column: BatchColumn, from: number, to: number, rows: number): void {
    const { exports, view } = this.#kernel;
    const { values } = this.#staged;
    const begin = view.getUint32(column.values + from * 4, true);
    const length = view.getUint32(column.values + to * 4, true) - begin;
    // One offset more than rows: the first of a slice is the last of what is there.
    const delta = this.#textBytes - begin;
    exports.arrowShiftOffsets(values + rows * 4, column.values + from * 4, to - from + 1, delta);
    if (length > 0) this.#pieces.push(this.#texts.keep(column.data + begin, length), length);
    this.#textBytes += length;
  }
}

const wholeOf = (address: number, bytes: number): StagedBuffer => ({ bytes, pieces: [address, bytes], lastBits: 0 });

const bitsOf = (address: number, rows: number): StagedBuffer => ({
  ...wholeOf(address, Math.ceil(rows / 8)),
  lastBits: rows & 7,
});
