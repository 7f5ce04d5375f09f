/** Moves the kept rows of values of one width together; `keep` is ascending. */
export function keepValues(bytes: Uint8Array, address: number, width: number, keep: Uint32Array): void {
  keep.forEach((row, index) => {
    if (row !== index) bytes.copyWithin(address + index * width, address + row * width, address + (row + 1) * width);
  });
}

/** The same for texts, by their offsets. */
export function keepTexts(
  bytes: Uint8Array<ArrayBuffer>,
  offsets: number,
  data: number,
  rows: number,
  keep: Uint32Array,
): void {
  const ends = new Int32Array(bytes.buffer, offsets, rows + 1);
  let at = 0;
  keep.forEach((row, index) => {
    const from = ends[row] as number;
    const to = ends[row + 1] as number;
    bytes.copyWithin(data + at, data + from, data + to);
    ends[index] = at;
    at += to - from;
  });
  ends[keep.length] = at;
}

/** Packs a byte a row (0 or 1) into bits, of all rows or those that are kept; answers how many are 0. */
export function packBits(
  source: Uint8Array,
  rows: number,
  keep: Uint32Array | null,
  bytes: Uint8Array,
  address: number,
): number {
  const count = keep === null ? rows : keep.length;
  const zero = keep === null ? source.indexOf(0) : 0;
  if (zero < 0 || zero >= rows) {
    bytes.fill(0xff, address, address + (count >> 3));
    if ((count & 7) > 0) bytes[address + (count >> 3)] = (1 << (count & 7)) - 1;
    return 0;
  }
  bytes.fill(0, address, address + ((count + 7) >> 3));
  let ones = 0;
  for (let index = 0; index < count; index += 1) {
    const bit = source[keep === null ? index : (keep[index] as number)] as number;
    if (bit === 0) continue;
    ones += 1;
    const at = address + (index >> 3);
    bytes[at] = (bytes[at] as number) | (1 << (index & 7));
  }
  return count - ones;
}
