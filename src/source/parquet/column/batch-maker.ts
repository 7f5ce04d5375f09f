import type { BatchColumn } from '../../../batch/batch.ts';
import { AtlasError } from '../../../errors.ts';
import type { FeaturePlan, ParquetSourcePlan } from '../../../flow/dataset-plan.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { nameLogicalType } from '../../../metadata/logical-type.ts';
import { describeOutside } from '../../describe-outside.ts';
import { BadRows } from './bad-rows.ts';
import { BatchSlab, batchColumn } from './batch-slab.ts';
import type { StagedColumn } from './column-queue.ts';
import { type ConstantFacts, constantValue } from './constant-value.ts';
import { keepTexts, keepValues, packBits } from './keep-rows.ts';
import type { Taking } from './match-feature.ts';
import { checkTexts, writeTexts } from './write-texts.ts';

/** What fills a feature of one file: a column, a constant, or nothing, which is null in every row. */
export type FeatureSource =
  | { readonly kind: 'column'; readonly taking: Taking; readonly column: StagedColumn }
  | { readonly kind: 'constant' }
  | { readonly kind: 'missing' };

/** A batch in the slab, and what was left out of it. */
export interface MadeBatch {
  /** Rows that were looked at: fewer than asked for where their texts do not fit. */
  readonly taken: number;
  readonly rows: number;
  readonly columns: readonly BatchColumn[];
  /** Numbered from the first row asked for. */
  readonly bad: BadRows;
}

const NULL = { code: 'ATLAS_PARQUET_NULL', reason: 'null, and the feature is not nullable' } as const;

/** Turns staged rows into a batch: casts, checks, leaves out what cannot be taken. One batch lies in the slab at a time. */
export class BatchMaker {
  readonly slab: BatchSlab;
  readonly #plan: ParquetSourcePlan;
  readonly #kernel: Kernel;
  readonly #bad = new BadRows();
  readonly #present: readonly Uint8Array[];
  readonly #rowBytes: Float64Array;
  #constants: readonly (Uint8Array | null)[] = [];

  constructor(plan: ParquetSourcePlan, kernel: Kernel) {
    this.#plan = plan;
    this.#kernel = kernel;
    this.slab = new BatchSlab(kernel, plan);
    this.#present = plan.features.map(() => new Uint8Array(this.slab.rows));
    this.#rowBytes = new Float64Array(this.slab.rows);
  }

  /** Sets what constants stand for from here on. Fails with ATLAS_META_INVALID. */
  enter(facts: ConstantFacts): void {
    this.#constants = this.#plan.features.map((feature) =>
      feature.constant === null ? null : constantValue(feature.constant, feature, facts),
    );
  }

  /** Makes a batch of up to `rows` rows; `line` = number of the first one in its file, from 1. */
  make(sources: readonly FeatureSource[], rows: number, line: number): MadeBatch {
    this.#bad.clear();
    const taken = this.#fit(sources, rows);
    const { features } = this.#plan;
    const places = this.slab.textPlaces(sources.map((source, index) => this.#textBytes(source, index, taken)));
    for (const [index, source] of sources.entries()) {
      this.#fill(index, source, taken, places[index] as number, line);
      const present = this.#present[index] as Uint8Array;
      if ((features[index] as FeaturePlan).nullable) continue;
      for (let row = present.indexOf(0); row >= 0 && row < taken; row = present.indexOf(0, row + 1)) {
        this.#bad.add(row, index, NULL);
      }
    }
    const keep = this.#bad.count === 0 ? null : this.#bad.goodRows(taken);
    const columns = sources.map((source, index) => this.#close(index, source, taken, places[index] as number, keep));
    return { taken, rows: keep === null ? taken : keep.length, columns, bad: this.#bad };
  }

  /** Rows whose texts fit; those that are too long by themselves are bad, and take no room. */
  #fit(sources: readonly FeatureSource[], rows: number): number {
    const sums = this.#rowBytes.fill(0, 0, rows);
    for (const [index, source] of sources.entries()) {
      const constant = this.#fixedText(source, index);
      if (constant > 0) for (let row = 0; row < rows; row += 1) sums[row] = (sums[row] as number) + constant;
      if (source.kind !== 'column' || source.column.width > 0) continue;
      const { lengths } = source.column;
      for (let row = 0; row < rows; row += 1) sums[row] = (sums[row] as number) + (lengths[row] as number);
    }
    let total = 0;
    for (let row = 0; row < rows; row += 1) {
      const sum = sums[row] as number;
      // a row that is too long still repeats its constants
      total += Math.min(sum, this.#plan.maxRowBytes);
      if (total > this.slab.textBytes) return row;
      if (sum > this.#plan.maxRowBytes) {
        const reason = `its texts have ${sum} bytes, max_row_bytes is ${this.#plan.maxRowBytes}`;
        this.#bad.add(row, null, { code: 'ATLAS_PARQUET_ROW_TOO_LONG', reason });
      }
    }
    return rows;
  }

  /** Bytes of text that every row has alike. */
  #fixedText(source: FeatureSource, index: number): number {
    if (this.slab.columns[index]?.storage.kind !== 'bytes') return 0;
    if (source.kind === 'constant') return this.#constants[index]?.length ?? 0;
    return source.kind === 'column' ? source.column.width : 0;
  }

  #textBytes(source: FeatureSource, index: number, rows: number): number {
    if (this.slab.columns[index]?.storage.kind !== 'bytes') return 0;
    let sum = this.#fixedText(source, index) * rows;
    if (source.kind === 'column' && source.column.width === 0) {
      const { lengths } = source.column;
      const all = this.#bad.count === 0;
      for (let row = 0; row < rows; row += 1) if (all || !this.#bad.has(row)) sum += lengths[row] as number;
    }
    return sum;
  }

  #fill(index: number, source: FeatureSource, rows: number, data: number, line: number): void {
    const present = this.#present[index] as Uint8Array;
    switch (source.kind) {
      case 'missing':
        present.fill(0, 0, rows);
        this.#clear(index, rows);
        return;
      case 'constant':
        present.fill(1, 0, rows);
        this.#repeat(index, rows, data, line);
        return;
      case 'column':
        present.set(source.column.present.subarray(0, rows));
        this.#take(index, source, rows, data);
        this.#bound(index, rows);
    }
  }

  #take(index: number, source: Extract<FeatureSource, { kind: 'column' }>, rows: number, data: number): void {
    const { column, taking } = source;
    const { values } = this.slab.columns[index] as { values: number };
    const { bytes, memory } = this.#kernel;
    const present = this.#present[index] as Uint8Array;
    const fail = (row: number, reason: Parameters<BadRows['add']>[2]): void => this.#bad.add(row, index, reason);
    switch (taking.kind) {
      case 'copy':
        bytes.set(column.bytes.subarray(0, rows * column.width), values);
        return;
      case 'bits':
        return;
      case 'cast':
        taking.cast(column, rows, { buffer: memory.buffer as ArrayBuffer, address: values, present, fail });
        return;
      case 'text':
      case 'assembled': {
        const placed = { bytes, offsets: values, data };
        const long = (row: number): boolean => (this.#rowBytes[row] as number) > this.#plan.maxRowBytes;
        writeTexts(column, rows, placed, this.#bad.count === 0 ? null : long);
        for (const { row, reason } of column.refused) if (row < rows) fail(row, reason);
        if (taking.kind === 'text' && taking.check !== 'none') {
          checkTexts(placed, rows, taking.check, fail, (row) => present[row] === 1 && !long(row));
        }
      }
    }
  }

  /** Refuses what the destination cannot hold. */
  #bound(index: number, rows: number): void {
    const { range, type, onLoss } = this.#plan.features[index] as FeaturePlan;
    const { storage, values } = this.slab.columns[index] as BatchSlab['columns'][number];
    if (range === undefined || storage.kind !== 'fixed') return;
    const { bytes, exports } = this.#kernel;
    const { width } = storage;
    const [least, greatest] = [BigInt(range.least), BigInt(range.greatest)];
    const present = this.#present[index] as Uint8Array;
    const outside = { code: 'ATLAS_CAST_RANGE', reason: describeOutside(type, range) } as const;
    const next = (from: number): number => exports.findOutside(values, width, from, rows, least, greatest);
    for (let row = next(0); row < rows; row = next(row + 1)) {
      bytes.fill(0, values + row * width, values + (row + 1) * width);
      if (onLoss === 'null') present[row] = 0;
      else this.#bad.add(row, index, outside);
    }
  }

  #clear(index: number, rows: number): void {
    const { storage, values } = this.slab.columns[index] as BatchSlab['columns'][number];
    const size = storage.kind === 'bytes' ? 4 * (rows + 1) : storage.kind === 'fixed' ? storage.width * rows : 0;
    this.#kernel.bytes.fill(0, values, values + size);
  }

  #repeat(index: number, rows: number, data: number, line: number): void {
    const { storage, values } = this.slab.columns[index] as BatchSlab['columns'][number];
    const feature = this.#plan.features[index] as FeaturePlan;
    const { bytes, view } = this.#kernel;
    if (feature.constant?.kind === 'line') {
      this.#number(index, feature, rows, line);
      return;
    }
    const constant = this.#constants[index] as Uint8Array;
    if (storage.kind === 'bits') return;
    const at = storage.kind === 'bytes' ? data : values;
    for (let row = 0; row < rows; row += 1) bytes.set(constant, at + row * constant.length);
    if (storage.kind !== 'bytes') return;
    for (let row = 0; row <= rows; row += 1) view.setInt32(values + 4 * row, row * constant.length, true);
  }

  /** The number of each row in its file. */
  #number(index: number, { type }: FeaturePlan, rows: number, line: number): void {
    const { storage, values } = this.slab.columns[index] as BatchSlab['columns'][number];
    if (type.kind !== 'int' || storage.kind !== 'fixed') throw new AtlasError('ATLAS_INTERNAL', '@line is no integer');
    const most = 2 ** (type.bits - Number(type.signed)) - 1;
    const { bytes } = this.#kernel;
    const number = new DataView(new ArrayBuffer(8));
    const range = { code: 'ATLAS_CAST_RANGE', reason: `outside the range of ${nameLogicalType(type)}` } as const;
    for (let row = 0; row < rows; row += 1) {
      const fits = line + row <= most;
      number.setBigInt64(0, BigInt(fits ? line + row : 0), true);
      bytes.set(new Uint8Array(number.buffer, 0, storage.width), values + row * storage.width);
      if (!fits) this.#bad.add(row, index, range);
    }
  }

  /** Leaves out what is bad, and packs bits. */
  #close(index: number, source: FeatureSource, rows: number, data: number, keep: Uint32Array | null): BatchColumn {
    const slab = this.slab.columns[index] as BatchSlab['columns'][number];
    const { storage, values, validity } = slab;
    const { bytes } = this.#kernel;
    if (storage.kind === 'bits') packBits(this.#bits(index, source, rows), rows, keep, bytes, values);
    else if (keep !== null && storage.kind === 'bytes') keepTexts(bytes, values, data, rows, keep);
    else if (keep !== null && storage.kind === 'fixed') keepValues(bytes, values, storage.width, keep);
    const nulls = packBits(this.#present[index] as Uint8Array, rows, keep, bytes, validity);
    return batchColumn(slab, storage.kind === 'bytes' ? data : 0, nulls);
  }

  #bits(index: number, source: FeatureSource, rows: number): Uint8Array {
    if (source.kind === 'column') return source.column.bytes;
    return new Uint8Array(rows).fill(source.kind === 'constant' ? (this.#constants[index]?.[0] ?? 0) : 0);
  }
}
