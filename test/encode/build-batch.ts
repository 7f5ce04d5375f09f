import type { Batch, BatchColumn } from '../../src/batch/batch.ts';
import type { Field, Schema } from '../../src/batch/schema.ts';
import { storageOf } from '../../src/batch/storage.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { parseLogicalType } from '../../src/metadata/logical-type.ts';

/** A cell as tests write it: integers of any unit as bigint, decimals unscaled, uuids and texts as strings. */
export type Cell = null | bigint | number | boolean | string | Uint8Array;

/** A field from metadata's spelling: `field('n', 'decimal(9,2)')`; a trailing `!` means not nullable. */
export function field(name: string, spelling: string): Field {
  const required = spelling.endsWith('!');
  const type = parseLogicalType(required ? spelling.slice(0, -1) : spelling);
  if ('problem' in type) throw new Error(type.problem);
  return { name, type, nullable: !required, sensitive: false };
}

const text = new TextEncoder();

function bytesOf(cell: Cell): Uint8Array {
  if (cell === null) return new Uint8Array(0);
  if (cell instanceof Uint8Array) return cell;
  return text.encode(String(cell));
}

function writeFixed(kernel: Kernel, type: Field['type'], width: number, at: number, cell: Cell): void {
  const { view, bytes } = kernel;
  if (cell === null) {
    bytes.fill(0, at, at + width);
    return;
  }
  if (type.kind === 'uuid') {
    bytes.set(Buffer.from(String(cell).replaceAll('-', ''), 'hex'), at);
  } else if (type.kind === 'float') {
    if (width === 4) view.setFloat32(at, Number(cell), true);
    else view.setFloat64(at, Number(cell), true);
  } else if (width === 16) {
    view.setBigUint64(at, BigInt.asUintN(64, BigInt(cell as bigint)), true);
    view.setBigInt64(at + 8, BigInt.asIntN(64, BigInt(cell as bigint) >> 64n), true);
  } else {
    const value = BigInt.asUintN(width * 8, BigInt(cell as bigint));
    if (width === 8) view.setBigUint64(at, value, true);
    else if (width === 4) view.setUint32(at, Number(value), true);
    else if (width === 2) view.setUint16(at, Number(value), true);
    else view.setUint8(at, Number(value));
  }
}

function buildColumn(kernel: Kernel, field: Field, cells: readonly Cell[]): BatchColumn {
  const storage = storageOf(field.type);
  const rows = cells.length;
  const validity = kernel.allocate(Math.ceil(rows / 8) + 64);
  let nullCount = 0;
  kernel.bytes.fill(0, validity, validity + Math.ceil(rows / 8) + 8);
  for (const [row, cell] of cells.entries()) {
    if (cell === null) nullCount += 1;
    else kernel.bytes[validity + (row >> 3)]! |= 1 << (row & 7);
  }
  if (storage.kind === 'bytes') {
    const parts = cells.map(bytesOf);
    const values = kernel.allocate((rows + 1) * 4);
    const data = kernel.allocate(parts.reduce((sum, part) => sum + part.byteLength, 0));
    let at = 0;
    kernel.view.setUint32(values, 0, true);
    for (const [row, part] of parts.entries()) {
      kernel.bytes.set(part, data + at);
      at += part.byteLength;
      kernel.view.setUint32(values + (row + 1) * 4, at, true);
    }
    return { values, data, validity, nullCount };
  }
  if (storage.kind === 'bits') {
    const values = kernel.allocate(Math.ceil(rows / 8) + 8);
    kernel.bytes.fill(0, values, values + Math.ceil(rows / 8) + 8);
    for (const [row, cell] of cells.entries()) if (cell === true) kernel.bytes[values + (row >> 3)]! |= 1 << (row & 7);
    return { values, data: 0, validity, nullCount };
  }
  const values = kernel.allocate(rows * storage.width);
  for (const [row, cell] of cells.entries()) {
    writeFixed(kernel, field.type, storage.width, values + row * storage.width, cell);
  }
  return { values, data: 0, validity, nullCount };
}

/** A batch of given columns in the kernel's memory, which is never given back. */
export function buildBatch(kernel: Kernel, schema: Schema, columns: readonly (readonly Cell[])[]): Batch {
  return {
    schema,
    rows: columns[0]?.length ?? 0,
    columns: schema.fields.map((one, index) => buildColumn(kernel, one, columns[index]!)),
    kernel,
    closesGroup: false,
    release: () => {},
  };
}
