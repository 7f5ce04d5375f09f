import type { Field } from '../../src/batch/schema.ts';
import type { Cell } from './build-batch.ts';

export type Present = Exclude<Cell, null>;

const bytes = (cell: Present): Uint8Array => (cell instanceof Uint8Array ? cell : Buffer.from(String(cell), 'utf8'));

/** The order of a type's values as Parquet defines it (parquet.thrift, `ColumnOrder`). */
export function compareCells(field: Field, a: Present, b: Present): number {
  switch (field.type.kind) {
    case 'string':
    case 'json':
    case 'binary':
      return Buffer.compare(bytes(a), bytes(b));
    default:
      return a < b ? -1 : a > b ? 1 : 0;
  }
}

/** Least and greatest of cells, nulls and NaN left out; null where nothing is left. */
export function extremes(
  field: Field,
  cells: readonly Cell[],
): { readonly min: Present; readonly max: Present } | null {
  const present = cells.filter((cell): cell is Present => cell !== null && !Number.isNaN(cell));
  let [min] = present;
  let max = min;
  if (min === undefined || max === undefined) return null;
  for (const cell of present) {
    if (compareCells(field, cell, min) < 0) min = cell;
    if (compareCells(field, cell, max) > 0) max = cell;
  }
  if (field.type.kind === 'float') return { min: min === 0 ? -0 : min, max: max === 0 ? 0 : max };
  return { min, max };
}

/** A stored bound (PLAIN, without a length) as a cell. */
export function decodeBound(field: Field, stored: Uint8Array): Present {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const { type } = field;
  switch (type.kind) {
    case 'boolean':
      return view.getUint8(0) === 1;
    case 'float':
      return type.bits === 32 ? view.getFloat32(0, true) : view.getFloat64(0, true);
    case 'string':
    case 'json':
      return new TextDecoder('utf-8', { fatal: true }).decode(stored);
    case 'binary':
      return stored;
    case 'uuid':
      return Buffer.from(stored)
        .toString('hex')
        .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
    case 'decimal':
      if (type.precision > 18)
        return BigInt.asIntN(stored.byteLength * 8, BigInt(`0x${Buffer.from(stored).toString('hex')}`));
      return stored.byteLength === 4 ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true);
    case 'int':
      if (type.bits === 64) return type.signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
      return BigInt(type.signed ? view.getInt32(0, true) : view.getUint32(0, true));
    default: {
      const value = stored.byteLength === 4 ? BigInt(view.getInt32(0, true)) : view.getBigInt64(0, true);
      return 'unit' in type && type.unit === 's' ? value / 1000n : value;
    }
  }
}
