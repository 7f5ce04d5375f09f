import type { Batch } from '../../batch/batch.ts';
import { storageOf } from '../../batch/storage.ts';
import { AtlasError } from '../../errors.ts';
import { bitAt, cellText } from './cell-text.ts';
import { hiveName } from './hive-name.ts';

/** Partitions that one task may have: as many as one run. */
export const MAX_PARTITIONS = 4096;

/** Numbers the partitions of rows in the order they are met, and knows their Hive paths. */
export class PartitionIndex {
  readonly #columns: readonly number[];
  /** Per column: raw bytes of a value (latin1) → code. */
  readonly #codes: readonly Map<string, number>[];
  /** Per column and code: its name (`year=2024`). */
  readonly #names: readonly string[][];
  /** Codes of all columns → partition. */
  readonly #partitions = new Map<string, number>();
  readonly #paths: string[] = [];

  /** `columns` = indexes of the partition columns in the batches, outermost folder first. */
  constructor(columns: readonly number[]) {
    this.#columns = columns;
    this.#codes = columns.map(() => new Map());
    this.#names = columns.map(() => []);
  }

  /** Hive paths by partition number. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /**
   * Partition numbers of the first `rows` rows. Fails with ATLAS_PARTITIONS where there are too many, and with
   * ATLAS_PARTITION_VALUE where a value cannot name a folder.
   */
  number(batch: Batch, rows: number): Uint16Array<ArrayBuffer> {
    const numbers = new Uint16Array(rows);
    const readers = this.#columns.map((column) => rawReader(batch, column));
    let lastKey = '';
    let last = -1;
    for (let row = 0; row < rows; row++) {
      let key = '';
      for (const [level, read] of readers.entries()) key += `${this.#codeOf(level, read(row), batch, row)},`;
      if (key !== lastKey || last < 0) {
        last = this.#partitions.get(key) ?? this.#add(key);
        lastKey = key;
      }
      numbers[row] = last;
    }
    return numbers;
  }

  #codeOf(level: number, raw: string, batch: Batch, row: number): number {
    const codes = this.#codes[level] as Map<string, number>;
    const known = codes.get(raw);
    if (known !== undefined) return known;
    const column = this.#columns[level] as number;
    const name = batch.schema.fields[column]?.name ?? '';
    const folder = hiveName(name, cellText(batch, column, row));
    if (folder === null) {
      throw new AtlasError('ATLAS_PARTITION_VALUE', `a value of ${name} is empty, too long, or the name of null`, {
        place: { column: name },
      });
    }
    this.#names[level]?.push(folder);
    codes.set(raw, codes.size);
    return codes.size - 1;
  }

  #add(key: string): number {
    if (this.#paths.length >= MAX_PARTITIONS) {
      throw new AtlasError('ATLAS_PARTITIONS', `one run may hold ${MAX_PARTITIONS} partitions, and there are more`);
    }
    const names = key
      .slice(0, -1)
      .split(',')
      .map((code, level) => this.#names[level]?.[Number(code)]);
    this.#partitions.set(key, this.#paths.length);
    this.#paths.push(names.join('/'));
    return this.#paths.length - 1;
  }
}

/** Reads a cell as a key that is equal for equal values only: its stored bytes, or `n` for null. */
function rawReader(batch: Batch, index: number): (row: number) => string {
  const column = batch.columns[index];
  const field = batch.schema.fields[index];
  if (!column || !field) throw new AtlasError('ATLAS_INTERNAL', `a batch has no column ${index}`);
  const { bytes, view } = batch.kernel;
  const whole = Buffer.from(bytes.buffer);
  const { values, data, validity, nullCount } = column;
  const storage = storageOf(field.type);
  const read = (row: number): string => {
    switch (storage.kind) {
      case 'bits':
        return bitAt(bytes, values, row) ? 't' : 'f';
      case 'fixed':
        return `v${whole.toString('latin1', values + row * storage.width, values + (row + 1) * storage.width)}`;
      case 'bytes': {
        const from = view.getUint32(values + 4 * row, true);
        return `v${whole.toString('latin1', data + from, data + view.getUint32(values + 4 * row + 4, true))}`;
      }
    }
  };
  return nullCount === 0 ? read : (row) => (bitAt(bytes, validity, row) ? read(row) : 'n');
}
