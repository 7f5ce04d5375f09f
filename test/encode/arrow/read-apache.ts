import { type Data, tableFromIPC } from 'apache-arrow';
import type { Field, Schema } from '../../../src/batch/schema.ts';
import { storageOf } from '../../../src/batch/storage.ts';
import type { Cell } from '../build-batch.ts';

const hexUuid = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The value in row `row` of a chunk, from its own buffers: `get` would round times. */
function cellOf(field: Field, data: Data, row: number): Cell {
  if (!data.getValid(row)) return null;
  const { type } = field;
  const values = data.values as ArrayBufferView & ArrayLike<number | bigint>;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const storage = storageOf(type);
  if (storage.kind === 'bits') return (bytes[row >> 3]! & (1 << (row & 7))) !== 0;
  if (storage.kind === 'bytes') {
    const cell = bytes.slice(data.valueOffsets[row] as number, data.valueOffsets[row + 1] as number);
    return type.kind === 'binary' ? cell : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(cell);
  }
  const { width } = storage;
  const cell = new DataView(bytes.buffer, bytes.byteOffset + row * width, width);
  if (type.kind === 'uuid') return hexUuid(bytes.subarray(row * 16, row * 16 + 16));
  if (type.kind === 'float') return width === 4 ? cell.getFloat32(0, true) : cell.getFloat64(0, true);
  if (width === 16) return (cell.getBigInt64(8, true) << 64n) | cell.getBigUint64(0, true);
  const unsigned = type.kind === 'int' && !type.signed;
  if (width === 8) return unsigned ? cell.getBigUint64(0, true) : cell.getBigInt64(0, true);
  const bits = width * 8;
  const raw = BigInt(width === 4 ? cell.getUint32(0, true) : width === 2 ? cell.getUint16(0, true) : cell.getUint8(0));
  return unsigned ? raw : BigInt.asIntN(bits, raw);
}

/** Every column of a stream as apache-arrow reads it, in the cells that tests write, and the rows of its batches. */
export function readApache(bytes: Uint8Array, schema: Schema): { readonly columns: Cell[][]; readonly rows: number[] } {
  const table = tableFromIPC(bytes);
  const columns = schema.fields.map((field, index) =>
    table
      .getChildAt(index)!
      .data.flatMap((data) => Array.from({ length: data.length }, (_, row) => cellOf(field, data, row))),
  );
  return { columns, rows: table.batches.map((batch) => batch.numRows).filter((rows) => rows > 0) };
}
