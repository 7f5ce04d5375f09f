import type { Batch, BatchColumn } from '../../../src/batch/batch.ts';
import type { LogicalType, TimeUnit } from '../../../src/metadata/logical-type.ts';

/** A cell as JSON can hold it: what does not fit a double, and everything with a unit, is text. */
export type Cell = null | boolean | number | string;

/** The rows of a batch, read straight from its buffers by the Arrow layout. */
export function rowsOf(batch: Batch): Cell[][] {
  const columns = batch.schema.fields.map((field, index) => {
    const column = batch.columns[index];
    if (!column) throw new Error(`the batch has no column ${index}`);
    return cellsOf(batch, column, field.type);
  });
  return Array.from({ length: batch.rows }, (_, row) => columns.map((cells) => cells[row] as Cell));
}

function cellsOf(batch: Batch, column: BatchColumn, type: LogicalType): Cell[] {
  const { bytes } = batch.kernel;
  const bit = (address: number, row: number) => (((bytes[address + (row >> 3)] ?? 0) >> (row & 7)) & 1) === 1;
  const cells: Cell[] = [];
  let nulls = 0;
  for (let row = 0; row < batch.rows; row += 1) {
    const present = column.nullCount === 0 || bit(column.validity, row);
    nulls += Number(!present);
    if (!present) cells.push(null);
    else if (type.kind === 'boolean') cells.push(bit(column.values, row));
    else cells.push(cellAt(batch, column, type, row));
  }
  if (nulls !== column.nullCount) throw new Error(`${nulls} bits say null, nullCount says ${column.nullCount}`);
  return cells;
}

function cellAt(batch: Batch, column: BatchColumn, type: LogicalType, row: number): Cell {
  const { view } = batch.kernel;
  const { values } = column;
  switch (type.kind) {
    case 'int':
      return intAt(view, values, row, type.bits, type.signed);
    case 'float':
      return floatCell(
        type.bits === 32 ? view.getFloat32(values + 4 * row, true) : view.getFloat64(values + 8 * row, true),
      );
    case 'decimal':
      return decimalAt(view, values + 16 * row, type.scale);
    case 'uuid':
      return uuidAt(batch.kernel.bytes.subarray(values + 16 * row, values + 16 * row + 16));
    case 'date':
      return dateText(BigInt(view.getInt32(values + 4 * row, true)));
    case 'time': {
      const narrow = type.unit === 's' || type.unit === 'ms';
      const count = narrow ? BigInt(view.getInt32(values + 4 * row, true)) : view.getBigInt64(values + 8 * row, true);
      return clockText(count, type.unit);
    }
    case 'timestamp':
      return timestampText(view.getBigInt64(values + 8 * row, true), type.unit) + (type.zoned ? 'Z' : '');
    case 'boolean':
      throw new Error('bits are read elsewhere');
    case 'string':
    case 'json':
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(spanAt(batch, column, row));
    case 'binary':
      return Buffer.from(spanAt(batch, column, row)).toString('hex');
  }
}

function spanAt({ kernel }: Batch, { values, data }: BatchColumn, row: number): Uint8Array {
  if (row === 0 && kernel.view.getInt32(values, true) !== 0) throw new Error('offsets[0] is not 0');
  const from = kernel.view.getInt32(values + 4 * row, true);
  const to = kernel.view.getInt32(values + 4 * row + 4, true);
  return kernel.bytes.slice(data + from, data + to);
}

function intAt(view: DataView, values: number, row: number, bits: number, signed: boolean): Cell {
  const at = values + (bits / 8) * row;
  if (bits === 8) return signed ? view.getInt8(at) : view.getUint8(at);
  if (bits === 16) return signed ? view.getInt16(at, true) : view.getUint16(at, true);
  if (bits === 32) return signed ? view.getInt32(at, true) : view.getUint32(at, true);
  const value = signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

function floatCell(value: number): Cell {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

function decimalAt(view: DataView, at: number, scale: number): string {
  const value = (view.getBigInt64(at + 8, true) << 64n) | view.getBigUint64(at, true);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return value < 0n ? `-${text}` : text;
}

function uuidAt(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const PER_SECOND = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n } as const;

function dateText(days: bigint): string {
  return new Date(Number(days) * 86_400_000).toISOString().slice(0, -14);
}

function clockText(count: bigint, unit: TimeUnit): string {
  const per = PER_SECOND[unit];
  const two = (value: bigint) => value.toString().padStart(2, '0');
  const seconds = count / per;
  const fraction = unit === 's' ? '' : `.${(count % per).toString().padStart(per.toString().length - 1, '0')}`;
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}${fraction}`;
}

function timestampText(count: bigint, unit: TimeUnit): string {
  const day = 86_400n * PER_SECOND[unit];
  const within = ((count % day) + day) % day;
  return `${dateText((count - within) / day)}T${clockText(within, unit)}`;
}
