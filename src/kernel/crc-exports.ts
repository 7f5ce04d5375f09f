/** CRCs of chunks of 512 bytes (`assembly/crc.ts`). Addresses are offsets into the kernel's memory. */
export interface CrcExports {
  /** Bytes of the state. */
  crcStateBytes(): number;
  /** Fills the tables of a polynomial, whose lowest power is its highest bit. */
  crcOpen(state: number, polynomial: number): void;
  /** Writes the CRC of each chunk of so many groups of sixteen chunks, big-endian. */
  crcChunks(state: number, from: number, groups: number, out: number): void;
}
