import { crcTables } from './crc-tables.ts';
import type { CrcType } from './crc-type.ts';

/** What 32 bits become with zero bytes after them: a linear map, by its columns. */
type Columns = Int32Array;

/**
 * What a CRC becomes when bytes follow it, so that two CRCs make that of both texts: `shift.of(crcOfA) ^ crcOfB`, where B has the
 * length that the shift was made for.
 */
export class CrcShift {
  readonly #table: Int32Array;

  /** `length`: bytes that follow. */
  constructor(type: CrcType, length: number) {
    const columns = shiftOf(type, length);
    this.#table = new Int32Array(4 * 256);
    for (let at = 0; at < this.#table.length; at += 1) this.#table[at] = times(columns, (at & 255) << (8 * (at >> 8)));
  }

  of(crc: number): number {
    const table = this.#table;
    return (
      (table[crc & 255] as number) ^
      (table[256 + ((crc >>> 8) & 255)] as number) ^
      (table[512 + ((crc >>> 16) & 255)] as number) ^
      (table[768 + (crc >>> 24)] as number)
    );
  }
}

function shiftOf(type: CrcType, length: number): Columns {
  const tables = crcTables(type);
  let result = Int32Array.from({ length: 32 }, (_, bit) => 1 << bit);
  let power = result.map((column) => (column >>> 8) ^ (tables[column & 255] as number));
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result.map((column) => times(power, column));
    power = power.map((column) => times(power, column));
  }
  return result;
}

function times(columns: Columns, vector: number): number {
  let sum = 0;
  for (let bit = 0, left = vector; left !== 0; bit += 1, left >>>= 1) {
    if ((left & 1) === 1) sum ^= columns[bit] as number;
  }
  return sum;
}
