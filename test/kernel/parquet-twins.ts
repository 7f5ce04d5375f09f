/** Slow, obvious versions of the Parquet loops. */

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

/** Values of `width` bits, the lowest first, filled up to a whole number of eights. */
export function packBits(values: readonly bigint[], width: number): number[] {
  let bits = 0n;
  const padded = Math.ceil(values.length / 8) * 8;
  for (const [i, value] of values.entries()) bits |= value << BigInt(i * width);
  return Array.from({ length: (padded * width) / 8 }, (_, i) => Number((bits >> BigInt(i * 8)) & 0xffn));
}

/** Reads the RLE/bit-packing hybrid. */
export function readHybrid(bytes: Uint8Array, width: number, count: number): number[] {
  const values: number[] = [];
  let at = 0;
  while (values.length < count) {
    let header = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at++]!;
      header += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte < 0x80) break;
    }
    if (header % 2 === 0) {
      let value = 0;
      for (let i = 0; i < Math.ceil(width / 8); i += 1) value += bytes[at++]! * 2 ** (8 * i);
      for (let i = 0; i < header / 2; i += 1) values.push(value);
    } else {
      const groups = (header - 1) / 2;
      let bits = 0n;
      for (let i = 0; i < groups * width; i += 1) bits |= BigInt(bytes[at++]!) << BigInt(8 * i);
      for (let i = 0; i < groups * 8; i += 1) {
        values.push(Number((bits >> BigInt(i * width)) & ((1n << BigInt(width)) - 1n)));
      }
    }
  }
  if (at !== bytes.byteLength) throw new Error(`${bytes.byteLength - at} bytes are left over`);
  return values.slice(0, count);
}

const zigzag = (value: bigint): bigint => BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));

/** DELTA_BINARY_PACKED with blocks of 128 and miniblocks of 32; `bits` is 32 or 64. */
export function deltaTwin(values: readonly bigint[], bits: number): number[] {
  const out = [...varint(128n), ...varint(4n), ...varint(BigInt(values.length)), ...varint(zigzag(values[0] ?? 0n))];
  for (let start = 1; start < values.length; start += 128) {
    const deltas = values
      .slice(start, start + 128)
      .map((value, i) => BigInt.asIntN(bits, value - values[start + i - 1]!));
    let least = deltas[0]!;
    for (const delta of deltas) if (delta < least) least = delta;
    const above = deltas.map((delta) => BigInt.asUintN(bits, delta - least));
    const blocks = [0, 32, 64, 96].map((at) => above.slice(at, at + 32));
    const widths = blocks.map((block) =>
      block.reduce((width, value) => Math.max(width, value.toString(2).length * (value > 0n ? 1 : 0)), 0),
    );
    out.push(...varint(zigzag(least)), ...widths);
    for (const [i, block] of blocks.entries()) {
      if (block.length === 0) continue;
      out.push(...packBits([...block, ...Array.from({ length: 32 - block.length }, () => 0n)], widths[i]!));
    }
  }
  return out;
}
