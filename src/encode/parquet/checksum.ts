import * as zlib from 'node:zlib';

/** CRC-32 in software, for runtimes whose zlib does not offer it. */
function software(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const native = (zlib as { crc32?: (bytes: Uint8Array) => number }).crc32;

/** CRC-32 (ISO 3309) of a page as stored, as the signed number that a page header holds. */
export function checksum(bytes: Uint8Array): number {
  return (native ? native(bytes) : software(bytes)) | 0;
}
