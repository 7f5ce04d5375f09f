import type { Batch, BatchColumn } from '../../batch/batch.ts';
import type { Schema } from '../../batch/schema.ts';
import { storageOf } from '../../batch/storage.ts';
import { AtlasError } from '../../errors.ts';
import { KERNEL_PADDING, type Kernel } from '../../kernel/kernel.ts';
import type { HeldBatch, HeldColumn } from './held-batch.ts';

/** Rows that are gathered at a time. */
const ROWS = 4096;

/** Bytes of kernel memory that a scratch batch allocates; texts of one row have at most `textBytes` in all. */
export function scratchBytes(schema: Schema, textBytes: number): number {
  const columns = schema.fields.map(({ type }) => {
    const storage = storageOf(type);
    const width = storage.kind === 'fixed' ? storage.width : storage.kind === 'bits' ? 1 : 4;
    return (ROWS + 1) * width + ROWS / 8 + 4 * KERNEL_PADDING;
  });
  return columns.reduce((sum, each) => sum + each, 0) + textBytes + 4 * KERNEL_PADDING;
}

/** A batch of a few thousand rows in kernel memory, filled with rows gathered from held batches, again and again. */
export class ScratchBatch {
  readonly #kernel: Kernel;
  readonly #schema: Schema;
  readonly #values: readonly number[];
  readonly #validity: readonly number[];
  readonly #text: number;
  readonly #textBytes: number;

  constructor(kernel: Kernel, schema: Schema, textBytes: number) {
    this.#kernel = kernel;
    this.#schema = schema;
    this.#textBytes = textBytes;
    this.#values = schema.fields.map(({ type }) => {
      const storage = storageOf(type);
      return kernel.allocate((ROWS + 1) * (storage.kind === 'fixed' ? storage.width : storage.kind === 'bits' ? 1 : 4));
    });
    this.#validity = schema.fields.map(() => kernel.allocate(ROWS / 8));
    this.#text = kernel.allocate(textBytes);
  }

  /** Gathers rows `order[from … to)` of a held batch, as many as fit; answers them as a batch, valid until the next call. */
  gather(held: HeldBatch, from: number, to: number): Batch {
    const rows = this.#fit(held, from, Math.min(to, from + ROWS));
    let text = this.#text;
    const columns = held.columns.map((column, index): BatchColumn => {
      const values = this.#values[index] as number;
      const validity = this.#validity[index] as number;
      const picked = held.order.subarray(from, from + rows);
      const nullCount = this.#bits(column.validity, picked, validity);
      const data = text;
      if (column.offsets) text += this.#texts(column, column.offsets, picked, values, text);
      else this.#fixed(column, index, picked, values);
      return { values, data: column.offsets ? data : 0, validity, nullCount };
    });
    return { schema: this.#schema, rows, columns, kernel: this.#kernel, closesGroup: false, release: () => {} };
  }

  #fit(held: HeldBatch, from: number, to: number): number {
    const texts = held.columns.flatMap(({ offsets }) => offsets ?? []);
    let bytes = 0;
    for (let at = from; at < to; at++) {
      const row = held.order[at] as number;
      for (const offsets of texts) bytes += (offsets[row + 1] as number) - (offsets[row] as number);
      if (bytes <= this.#textBytes) continue;
      if (at > from) return at - from;
      throw new AtlasError(
        'ATLAS_LIMIT_KERNEL_MEMORY',
        `the texts of one row have ${bytes} bytes, ${this.#textBytes} is all there is`,
      );
    }
    return to - from;
  }

  #fixed(column: HeldColumn, index: number, picked: Uint32Array, address: number): void {
    const field = this.#schema.fields[index] as Schema['fields'][number];
    const storage = storageOf(field.type);
    const { bytes } = this.#kernel;
    if (storage.kind === 'bits') {
      bytes.fill(0, address, address + Math.ceil(picked.length / 8));
      for (const [at, row] of picked.entries()) {
        const bit = ((column.values[row >> 3] as number) >> (row & 7)) & 1;
        bytes[address + (at >> 3)] = (bytes[address + (at >> 3)] as number) | (bit << (at & 7));
      }
      return;
    }
    const width = storage.kind === 'fixed' ? storage.width : 0;
    for (const [at, row] of picked.entries()) {
      for (let byte = 0; byte < width; byte++) {
        bytes[address + at * width + byte] = column.values[row * width + byte] as number;
      }
    }
  }

  #texts(column: HeldColumn, offsets: Uint32Array, picked: Uint32Array, address: number, text: number): number {
    const { bytes, view } = this.#kernel;
    let length = 0;
    view.setUint32(address, 0, true);
    for (const [at, row] of picked.entries()) {
      const value = column.values.subarray(offsets[row] as number, offsets[row + 1] as number);
      bytes.set(value, text + length);
      length += value.length;
      view.setUint32(address + 4 * at + 4, length, true);
    }
    return length;
  }

  /** Gathers validity; answers the number of nulls. */
  #bits(from: Uint8Array | null, picked: Uint32Array, address: number): number {
    if (from === null) return 0;
    const { bytes } = this.#kernel;
    let present = 0;
    bytes.fill(0, address, address + Math.ceil(picked.length / 8));
    for (const [at, row] of picked.entries()) {
      const bit = ((from[row >> 3] as number) >> (row & 7)) & 1;
      present += bit;
      bytes[address + (at >> 3)] = (bytes[address + (at >> 3)] as number) | (bit << (at & 7));
    }
    return picked.length - present;
  }
}
