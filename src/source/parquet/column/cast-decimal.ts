import type { FeaturePlan } from '../../../flow/dataset-plan.ts';
import { type LogicalType, nameLogicalType } from '../../../metadata/logical-type.ts';
import type { Leaf } from '../schema/schema-node.ts';
import { type Cast, refuseOrNull } from './cast.ts';

/** Decimals (or integers) of fixed width and of the feature's own scale, widened to 16 bytes. */
export function castDecimal(
  { physical, width }: Leaf,
  to: Extract<LogicalType, { kind: 'decimal' }>,
  { onLoss }: FeaturePlan,
): Cast {
  const reason = { code: 'ATLAS_CAST_RANGE', reason: `outside the range of ${nameLogicalType(to)}` } as const;
  const nulls = onLoss === 'null';
  const most = 10n ** BigInt(to.precision) - 1n;
  const upper = wordsOf(most);
  const lower = wordsOf(-most);
  const bigEndian = physical === 'FIXED_LEN_BYTE_ARRAY';
  const value = new Int32Array(4);
  return (column, rows, target) => {
    const out = new Int32Array(target.buffer, target.address, rows * 4);
    const words = bigEndian ? null : new Int32Array(column.bytes.buffer, 0, (rows * width) / 4);
    for (let row = 0; row < rows; row += 1) {
      const whole =
        words === null ? reversed(column.bytes, row * width, width, value) : extended(words, row, width, value);
      const good = whole && atMost(value, upper) && atMost(lower, value);
      for (let word = 0; word < 4; word += 1) out[row * 4 + word] = good ? (value[word] as number) : 0;
      if (!good) refuseOrNull(target, row, reason, nulls);
    }
  };
}

function wordsOf(value: bigint): Int32Array {
  return Int32Array.from([0n, 32n, 64n, 96n], (shift) => Number(BigInt.asIntN(32, value >> shift)));
}

/** Whether one number of four words, the lowest first, is not greater than another. */
function atMost(a: Int32Array, b: Int32Array): boolean {
  if (a[3] !== b[3]) return (a[3] as number) < (b[3] as number);
  for (let word = 2; word >= 0; word -= 1) {
    if (a[word] !== b[word]) return (a[word] as number) >>> 0 < (b[word] as number) >>> 0;
  }
  return true;
}

function extended(words: Int32Array, row: number, width: number, out: Int32Array): true {
  const low = words[(row * width) / 4] as number;
  const high = width === 8 ? (words[row * 2 + 1] as number) : low >> 31;
  out[0] = low;
  out[1] = high;
  out[2] = high >> 31;
  out[3] = high >> 31;
  return true;
}

/** Answers whether the number fits into 16 bytes. */
function reversed(bytes: Uint8Array, at: number, width: number, out: Int32Array): boolean {
  const sign = (bytes[at] as number) >= 128 ? -1 : 0;
  const fill = sign & 255;
  let surplus = width - 16;
  for (; surplus > 0; surplus -= 1) if (bytes[at + surplus - 1] !== fill) return false;
  out.fill(sign);
  const count = Math.min(16, width);
  for (let index = 0; index < count; index += 1) {
    const byte = bytes[at + width - 1 - index] as number;
    const shift = (index & 3) * 8;
    out[index >> 2] = ((out[index >> 2] as number) & ~(255 << shift)) | (byte << shift);
  }
  return width <= 16 || (out[3] as number) >> 31 === sign;
}
