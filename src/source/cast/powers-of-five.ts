/** Powers of ten that a double can be near to: −342 to 308. */
const LEAST = -342;
const MOST = 308;

/** Bytes of the table that `writePowersOfFive` makes. */
export const POWERS_OF_FIVE_BYTES = (MOST - LEAST + 1) * 16;

/**
 * Writes 128 bits of 5^q for q from −342 to 308, high half first, for the correctly rounded cast of floats: truncated, except for
 * q from −27 to −1, where the reciprocal is rounded up (Lemire, "Number parsing at a gigabyte per second", 2021, section 5).
 */
export function writePowersOfFive(view: DataView<ArrayBuffer>, address: number): void {
  for (let q = LEAST; q <= MOST; q++) {
    const bits = leadingBits(q);
    const at = address + (q - LEAST) * 16;
    view.setBigUint64(at, bits >> 64n, true);
    view.setBigUint64(at + 8, bits & 0xffff_ffff_ffff_ffffn, true);
  }
}

function leadingBits(q: number): bigint {
  if (q >= 0) return toLength(5n ** BigInt(q));
  const power = 5n ** BigInt(-q);
  const length = lengthOf(power);
  // 2^(length + 127) / 5^−q lies between 2^127 and 2^128.
  if (q >= -27) return (1n << BigInt(length + 127)) / power + 1n;
  return toLength((1n << BigInt(2 * length + 128)) / power + 1n);
}

function lengthOf(value: bigint): number {
  return value.toString(2).length;
}

/** The 128 leading bits. */
function toLength(value: bigint): bigint {
  const length = lengthOf(value);
  return length <= 128 ? value << BigInt(128 - length) : value >> BigInt(length - 128);
}
