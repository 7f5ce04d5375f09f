import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../../metadata/logical-type.ts';
import type { Leaf } from '../schema/schema-node.ts';
import { type Cast, refuseOrNull } from './cast.ts';
import type { StagedColumn } from './column-queue.ts';
import { readUnscaled } from './read-number.ts';

/** Floats and integers into floats that hold them exactly; NaN stays NaN. */
export function castFloat(leaf: Leaf, to: Extract<LogicalType, { kind: 'float' }>, { onLoss }: FeaturePlan): Cast {
  const reason = { code: 'ATLAS_CAST_LOSS', reason: `${nameLogicalType(to)} would lose a part of it` } as const;
  const nulls = onLoss === 'null';
  return (column, rows, target) => {
    const out =
      to.bits === 64
        ? new Float64Array(target.buffer, target.address, rows)
        : new Float32Array(target.buffer, target.address, rows);
    const read = reader(leaf, column);
    const exact = exactness(leaf, column);
    for (let row = 0; row < rows; row += 1) {
      const value = read(row);
      out[row] = value;
      if (Number.isNaN(value) || (out[row] === value && exact(row, value))) continue;
      out[row] = 0;
      refuseOrNull(target, row, reason, nulls);
    }
  };
}

function reader({ physical, width, kind }: Leaf, { bytes }: StagedColumn): (row: number) => number {
  const view = new DataView(bytes.buffer);
  const signed = kind.kind !== 'int' || kind.signed;
  switch (physical) {
    case 'FLOAT':
      return (row) => view.getFloat32(row * width, true);
    case 'DOUBLE':
      return (row) => view.getFloat64(row * width, true);
    case 'INT32':
      return (row) => (signed ? view.getInt32(row * 4, true) : view.getUint32(row * 4, true));
    case 'INT64':
      return (row) => Number(signed ? view.getBigInt64(row * 8, true) : view.getBigUint64(row * 8, true));
    default:
      return (row) => half(view.getUint16(row * width, true));
  }
}

/** Whether a number is what the column holds: a 64-bit integer may have lost digits. */
function exactness(leaf: Leaf, column: StagedColumn): (row: number, value: number) => boolean {
  if (leaf.physical !== 'INT64') return () => true;
  const read = readUnscaled(leaf, column);
  return (row, value) => Number.isSafeInteger(value) || BigInt(value) === read(row);
}

/** A number of 16 bits (IEEE 754 binary16). */
export function half(bits: number): number {
  const sign = bits >> 15 === 1 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
