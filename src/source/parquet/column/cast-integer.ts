import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../../metadata/logical-type.ts';
import { type Cast, refuseOrNull } from './cast.ts';

type Int = Extract<LogicalType, { kind: 'int' }>;

/** Integers into integers of another width or sign: what does not fit is refused. */
export function castInteger(
  from: { readonly width: number; readonly signed: boolean },
  to: Int,
  feature: FeaturePlan,
): Cast {
  const reason = { code: 'ATLAS_CAST_RANGE', reason: `outside the range of ${nameLogicalType(to)}` } as const;
  const nulls = feature.onLoss === 'null';
  const fits = fitting(to);
  const step = from.width / 4;
  return (column, rows, target) => {
    const words = new Int32Array(column.bytes.buffer, 0, rows * step);
    const out = outputOf(to.bits, target.buffer, target.address, rows);
    for (let row = 0; row < rows; row += 1) {
      const low = words[row * step] as number;
      const high = step === 2 ? (words[row * 2 + 1] as number) : from.signed ? low >> 31 : 0;
      const negative = from.signed && high < 0;
      const good = fits(low, high, negative);
      if (to.bits === 64) {
        out[row * 2] = good ? low : 0;
        out[row * 2 + 1] = good ? high : 0;
      } else out[row] = good ? low : 0;
      if (!good) refuseOrNull(target, row, reason, nulls);
    }
  };
}

function outputOf(bits: Int['bits'], buffer: ArrayBuffer, address: number, rows: number) {
  if (bits === 8) return new Int8Array(buffer, address, rows);
  if (bits === 16) return new Int16Array(buffer, address, rows);
  return new Int32Array(buffer, address, bits === 64 ? rows * 2 : rows);
}

/** Whether a 64-bit number is one of the type; `high` < 0 without `negative` is one of 2^63 and more. */
function fitting({ bits, signed }: Int): (low: number, high: number, negative: boolean) => boolean {
  if (bits === 64)
    return signed ? (_low, high, negative) => high >= 0 || negative : (_low, _high, negative) => !negative;
  if (!signed) {
    const most = 2 ** bits;
    return (low, high) => high === 0 && low >>> 0 < most;
  }
  const shift = 32 - bits;
  return (low, high, negative) => (high >= 0 || negative) && high === low >> 31 && (low << shift) >> shift === low;
}
