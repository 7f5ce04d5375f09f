import type { Leaf } from '../schema/schema-node.ts';
import type { StagedColumn, TextRun } from './column-queue.ts';

/** Reads a row's integer, or the digits of its decimal, exactly. */
export function readUnscaled({ physical, width, kind }: Leaf, column: StagedColumn): (row: number) => bigint {
  const { bytes } = column;
  const view = new DataView(bytes.buffer);
  const signed = kind.kind !== 'int' || kind.signed;
  if (physical === 'INT32') {
    return (row) => BigInt(signed ? view.getInt32(row * 4, true) : view.getUint32(row * 4, true));
  }
  if (physical === 'INT64') {
    return (row) => (signed ? view.getBigInt64(row * 8, true) : view.getBigUint64(row * 8, true));
  }
  if (width > 0) return (row) => bigEndian(bytes, row * width, width);
  const text = spanReader(column);
  return (row) => {
    const span = text(row);
    return bigEndian(span, 0, span.length);
  };
}

/** Reads a row's bytes, wherever they lie. */
export function spanReader({ runs, starts, lengths }: StagedColumn): (row: number) => Uint8Array {
  let run = runs[0];
  return (row) => {
    if (run === undefined || row < run.from || row >= run.to)
      run = runs.find(({ from, to }) => row >= from && row < to);
    const { heap } = run as TextRun;
    const start = starts[row] as number;
    return heap.subarray(start, start + (lengths[row] as number));
  };
}

/** A two's complement number, its greatest byte first. */
function bigEndian(bytes: Uint8Array, at: number, length: number): bigint {
  let value = 0n;
  for (let index = 0; index < length; index += 1) value = (value << 8n) | BigInt(bytes[at + index] as number);
  return BigInt.asIntN(length * 8, value);
}
