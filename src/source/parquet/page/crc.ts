import * as zlib from 'node:zlib';

const native = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;

let table: Uint32Array | null = null;

/** CRC-32 (ISO 3309) of a page as stored, as the signed number that a page header holds. */
export function crcOf(bytes: Uint8Array): number {
  if (native) return native(bytes) | 0;
  table ??= makeTable();
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] as number) ^ (crc >>> 8);
  return ~crc;
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc >>> 0;
  });
}
