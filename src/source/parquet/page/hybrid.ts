/**
 * Decodes `out.length` integers of `width` bits (0 to 32) from `from` to `to`, RLE and bit-packed runs mixed
 * (Encodings.md, RLE = 3). Throws a plain Error where the runs end before that.
 */
export function decodeHybrid(
  bytes: Uint8Array,
  from: number,
  to: number,
  width: number,
  out: Uint8Array | Uint32Array,
): void {
  const count = out.length;
  if (width > 32) throw new Error(`integers of ${width} bits`);
  let at = from;
  let done = 0;
  while (done < count) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= to || shift > 28) throw new Error(`runs end after ${done} of ${count} values`);
      const byte = bytes[at] as number;
      at += 1;
      header += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    const length = Math.floor(header / 2);
    if (header % 2 === 1) {
      const size = length * width;
      const values = Math.min(length * 8, count - done);
      // what is padding may be cut off
      if (at + Math.ceil((values * width) / 8) > to) throw new Error(`a run ends after ${to - at} of ${size} bytes`);
      unpack(bytes, at, width, out, done, values);
      at += size;
      done += values;
    } else {
      const size = (width + 7) >> 3;
      if (at + size > to) throw new Error(`a run ends before its value`);
      let value = 0;
      for (let index = 0; index < size; index += 1) value += (bytes[at + index] as number) * 2 ** (8 * index);
      if (width < 32 && value >= 2 ** width) throw new Error(`the value ${value} of a run has more than ${width} bits`);
      at += size;
      const end = Math.min(count, done + length);
      out.fill(value, done, end);
      done = end;
    }
  }
}

/** Unpacks `count` integers of `width` bits, least significant bit first. */
function unpack(
  bytes: Uint8Array,
  at: number,
  width: number,
  out: Uint8Array | Uint32Array,
  first: number,
  count: number,
): void {
  if (width === 1) {
    for (let index = 0; index < count; index += 1) {
      out[first + index] = ((bytes[at + (index >> 3)] as number) >> (index & 7)) & 1;
    }
    return;
  }
  if (width === 0) {
    out.fill(0, first, first + count);
    return;
  }
  const mask = width === 32 ? -1 : (1 << width) - 1;
  for (let index = 0, bit = 0; index < count; index += 1, bit += width) {
    const byte = at + Math.floor(bit / 8);
    const skip = bit & 7;
    // bytes behind the end count as 0, and are masked
    let value =
      ((bytes[byte] ?? 0) |
        ((bytes[byte + 1] ?? 0) << 8) |
        ((bytes[byte + 2] ?? 0) << 16) |
        ((bytes[byte + 3] ?? 0) << 24)) >>>
      skip;
    if (skip + width > 32) value |= (bytes[byte + 4] ?? 0) << (32 - skip);
    out[first + index] = (value & mask) >>> 0;
  }
}
