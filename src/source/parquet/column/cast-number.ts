import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../../metadata/logical-type.ts';
import type { ColumnKind } from '../schema/column-kind.ts';
import type { Leaf } from '../schema/schema-node.ts';
import { type Cast, refuseOrNull } from './cast.ts';
import { divide } from './divide.ts';
import { readUnscaled } from './read-number.ts';

type Target = Extract<LogicalType, { kind: 'int' | 'decimal' }>;

/** Digits behind the point. */
export function scaleOf(type: ColumnKind | LogicalType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}

/** Exact numbers into exact numbers of any scale: integers and decimals, however they are stored. */
export function castNumber(leaf: Leaf, to: Target, { onLoss }: FeaturePlan): Cast {
  const name = nameLogicalType(to);
  const range = { code: 'ATLAS_CAST_RANGE', reason: `outside the range of ${name}` } as const;
  const loss = { code: 'ATLAS_CAST_LOSS', reason: `${name} would lose a part of it` } as const;
  const nulls = onLoss === 'null';
  const shift = scaleOf(to) - scaleOf(leaf.kind);
  const up = shift > 0 ? 10n ** BigInt(shift) : 1n;
  const down = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  const [least, most] = boundsOf(to);
  const bytes = to.kind === 'decimal' ? 16 : to.bits / 8;
  return (column, rows, target) => {
    const view = new DataView(target.buffer, target.address, rows * bytes);
    const read = readUnscaled(leaf, column);
    for (let row = 0; row < rows; row += 1) {
      let value = 0n;
      if (column.present[row] === 1) {
        const exact = divide(read(row) * up, down, onLoss, 'fromZero');
        if (exact === null) refuseOrNull(target, row, loss, nulls);
        else if (exact < least || exact > most) refuseOrNull(target, row, range, nulls);
        else value = exact;
      }
      write(view, row * bytes, bytes, value);
    }
  };
}

function boundsOf(to: Target): readonly [bigint, bigint] {
  if (to.kind === 'decimal') {
    const most = 10n ** BigInt(to.precision) - 1n;
    return [-most, most];
  }
  if (!to.signed) return [0n, 2n ** BigInt(to.bits) - 1n];
  const half = 2n ** BigInt(to.bits - 1);
  return [-half, half - 1n];
}

function write(view: DataView, at: number, bytes: number, value: bigint): void {
  switch (bytes) {
    case 1:
      view.setInt8(at, Number(BigInt.asIntN(8, value)));
      return;
    case 2:
      view.setInt16(at, Number(BigInt.asIntN(16, value)), true);
      return;
    case 4:
      view.setInt32(at, Number(BigInt.asIntN(32, value)), true);
      return;
    case 8:
      view.setBigInt64(at, BigInt.asIntN(64, value), true);
      return;
    default:
      view.setBigInt64(at, BigInt.asIntN(64, value), true);
      view.setBigInt64(at + 8, BigInt.asIntN(64, value >> 64n), true);
  }
}
