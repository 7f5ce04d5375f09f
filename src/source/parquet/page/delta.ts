/** Where decoding stands. */
export interface Place {
  at: number;
}

/**
 * Decodes DELTA_BINARY_PACKED (Encodings.md): `count` integers of 4 or 8 bytes, little-endian, wrapping as the format says.
 * Throws a plain Error where the data ends before that, or announces another count.
 */
export function decodeDelta(
  bytes: Uint8Array,
  place: Place,
  to: number,
  count: number,
  width: 4 | 8,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(count * width);
  const words = new Uint32Array(out.buffer);
  const step = width / 4;
  const blockSize = Number(varint(bytes, place, to));
  const miniblocks = Number(varint(bytes, place, to));
  const total = Number(varint(bytes, place, to));
  let value = zigzag(varint(bytes, place, to));
  if (total !== count) throw new Error(`${total} deltas are announced for ${count} values`);
  if (count === 0) return out;
  const perMiniblock = blockSize / miniblocks;
  if (!Number.isInteger(perMiniblock) || perMiniblock < 1 || perMiniblock % 8 !== 0 || miniblocks > 1024) {
    throw new Error(`blocks of ${blockSize} deltas in ${miniblocks} parts`);
  }
  let low = Number(BigInt.asIntN(32, value));
  let high = Number(BigInt.asIntN(32, value >> 32n));
  const put = (index: number): void => {
    words[index * step] = low;
    if (step === 2) words[index * step + 1] = high;
  };
  put(0);
  let done = 1;
  while (done < count) {
    value = zigzag(varint(bytes, place, to));
    const leastLow = Number(BigInt.asUintN(32, value));
    const leastHigh = Number(BigInt.asIntN(32, value >> 32n));
    const widths = place.at;
    place.at += miniblocks;
    if (place.at > to) throw new Error(`deltas end after ${done} of ${count} values`);
    for (let part = 0; part < miniblocks && done < count; part += 1) {
      const bits = bytes[widths + part] as number;
      if (bits > 64) throw new Error(`deltas of ${bits} bits`);
      const start = place.at;
      const wanted = Math.min(perMiniblock, count - done);
      if (start + Math.ceil((wanted * bits) / 8) > to) throw new Error(`deltas end after ${done} of ${count} values`);
      for (let index = 0; index < wanted; index += 1) {
        const deltaLow = bits === 0 ? 0 : bitsAt(bytes, start, index * bits, Math.min(bits, 32));
        const deltaHigh = bits > 32 ? bitsAt(bytes, start, index * bits + 32, bits - 32) : 0;
        const sum = (low >>> 0) + leastLow + deltaLow;
        low = sum | 0;
        high = (high + leastHigh + deltaHigh + Math.floor(sum / 4294967296)) | 0;
        put(done);
        done += 1;
      }
      place.at = Math.min(to, start + (perMiniblock * bits) / 8);
    }
  }
  return out;
}

/** `width` (1 to 32) bits at bit `bit`, unsigned. */
function bitsAt(bytes: Uint8Array, start: number, bit: number, width: number): number {
  const at = start + Math.floor(bit / 8);
  const skip = bit & 7;
  let value =
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>>
    skip;
  if (skip + width > 32) value |= (bytes[at + 4] ?? 0) << (32 - skip);
  return width === 32 ? value >>> 0 : (value & ((1 << width) - 1)) >>> 0;
}

function varint(bytes: Uint8Array, place: Place, to: number): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    if (place.at >= to) break;
    const byte = bytes[place.at] as number;
    place.at += 1;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return value;
  }
  throw new Error('a number of the deltas does not end');
}

function zigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
