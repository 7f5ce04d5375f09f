import type { BatchColumn } from '../../src/batch/batch.ts';
import { storageOf } from '../../src/batch/storage.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import type { LogicalType } from '../../src/metadata/logical-type.ts';
import type { TwinValue } from './csv-twin-cast.ts';

/** One value out of kernel memory, as the twin says it. */
export function readValue({ view, bytes }: Kernel, column: BatchColumn, type: LogicalType, row: number): TwinValue {
  const storage = storageOf(type);
  const isNull = column.nullCount > 0 && ((view.getUint8(column.validity + (row >> 3)) >> (row & 7)) & 1) === 0;
  if (storage.kind === 'bits') {
    const bit = (view.getUint8(column.values + (row >> 3)) >> (row & 7)) & 1;
    if (isNull && bit !== 0) throw new Error('a null bit is set');
    return isNull ? null : bit === 1;
  }
  if (storage.kind === 'bytes') {
    const from = view.getInt32(column.values + row * 4, true);
    const to = view.getInt32(column.values + row * 4 + 4, true);
    if (row === 0 && from !== 0) throw new Error(`the first offset is ${from}`);
    if (isNull) {
      if (from !== to) throw new Error('a null has text');
      return null;
    }
    return Buffer.from(bytes.buffer, column.data + from, to - from).toString('latin1');
  }
  const at = column.values + row * storage.width;
  if (isNull) {
    if (bytes.subarray(at, at + storage.width).some((byte) => byte !== 0)) throw new Error('a null slot is not zero');
    return null;
  }
  return fixedValue(view, at, type, storage.width);
}

function fixedValue(view: DataView, at: number, type: LogicalType, width: number): TwinValue {
  if (type.kind === 'uuid') return Buffer.from(view.buffer as ArrayBuffer, at, 16).toString('hex');
  if (type.kind === 'decimal') return (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
  if (type.kind === 'float') return width === 4 ? BigInt(view.getUint32(at, true)) : view.getBigUint64(at, true);
  const signed = type.kind !== 'int' || type.signed;
  if (width === 8) return signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  if (width === 4) return BigInt(signed ? view.getInt32(at, true) : view.getUint32(at, true));
  if (width === 2) return BigInt(signed ? view.getInt16(at, true) : view.getUint16(at, true));
  return BigInt(signed ? view.getInt8(at) : view.getUint8(at));
}
