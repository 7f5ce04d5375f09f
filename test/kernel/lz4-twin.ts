/** The bytes of an LZ4 frame of independent blocks without checksums, one at a time (LZ4 Frame Format 1.6, LZ4 Block Format). */
export function readLz4Frame(frame: Uint8Array): number[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== 0x184d2204) throw new Error('no LZ4 frame');
  if (view.getUint8(4) !== 0x60 || view.getUint8(5) !== 0x70) throw new Error('another descriptor');
  const out: number[] = [];
  let at = 7;
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const size = word & 0x7fffffff;
    const block = frame.subarray(at, at + size);
    if (size !== block.byteLength) throw new Error('a cut block');
    if (word >>> 31 === 1) for (const byte of block) out.push(byte);
    else readBlock(block, out);
    at += size;
  }
  if (at !== frame.byteLength) throw new Error(`${frame.byteLength - at} bytes follow the end mark`);
  return out;
}

function readBlock(block: Uint8Array, out: number[]): void {
  const begin = out.length;
  let at = 0;
  const lengthFrom = (bits: number): number => {
    let length = bits;
    if (bits < 15) return length;
    for (;;) {
      const more = block[at++]!;
      length += more;
      if (more < 255) return length;
    }
  };
  for (;;) {
    const token = block[at++]!;
    const literals = lengthFrom(token >> 4);
    if (at + literals > block.byteLength) throw new Error('literals beyond the block');
    for (let i = 0; i < literals; i += 1) out.push(block[at++]!);
    if (at === block.byteLength) {
      if ((token & 15) !== 0) throw new Error('a match without its offset');
      return;
    }
    const offset = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const length = lengthFrom(token & 15) + 4;
    if (offset === 0 || offset > out.length - begin) throw new Error(`an offset of ${offset}`);
    for (let i = 0; i < length; i += 1) out.push(out[out.length - offset]!);
    // the format's rules for the end of a block: five bytes of literals, the last match at least twelve before the end
    if (at >= block.byteLength) throw new Error('a block that ends with a match');
  }
}
