import { type CrcType, POLYNOMIALS } from './crc-type.ts';

const SLICES = 8;

/** Tables for eight bytes at a time: what byte `b` becomes with `n` bytes after it stands at `n * 256 + b`. */
export function crcTables(type: CrcType): Int32Array {
  let table = filled.get(type);
  if (table === undefined) {
    table = fill(POLYNOMIALS[type]);
    filled.set(type, table);
  }
  return table;
}

const filled = new Map<CrcType, Int32Array>();

function fill(polynomial: number): Int32Array {
  const table = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at += 1) {
    const before = table[at - 256] as number;
    table[at] = (before >>> 8) ^ (table[before & 255] as number);
  }
  return table;
}

/** Runs bytes `from` to `to` through a register that starts as -1; its complement is the CRC. */
export function crcOf(tables: Int32Array, register: number, bytes: Uint8Array, from: number, to: number): number {
  const at = (slice: number, byte: number): number => tables[slice * 256 + byte] as number;
  let crc = register;
  let next = from;
  for (; next + SLICES <= to; next += SLICES) {
    crc =
      at(7, (crc ^ (bytes[next] as number)) & 255) ^
      at(6, ((crc >>> 8) ^ (bytes[next + 1] as number)) & 255) ^
      at(5, ((crc >>> 16) ^ (bytes[next + 2] as number)) & 255) ^
      at(4, (crc >>> 24) ^ (bytes[next + 3] as number)) ^
      at(3, bytes[next + 4] as number) ^
      at(2, bytes[next + 5] as number) ^
      at(1, bytes[next + 6] as number) ^
      at(0, bytes[next + 7] as number);
  }
  for (; next < to; next += 1) crc = (crc >>> 8) ^ at(0, (crc ^ (bytes[next] as number)) & 255);
  return crc;
}
