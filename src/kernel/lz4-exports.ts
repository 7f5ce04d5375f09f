/** LZ4 (`assembly/lz4.ts`). Addresses are offsets into the kernel's memory. */
export interface Lz4Exports {
  /** Bytes of the hash table. */
  lz4TableBytes(): number;
  /** Bytes that the frame of so many has at most, and may overwrite. */
  lz4Bound(length: number): number;
  /** Writes a frame of independent blocks without checksums; answers its length. `table` is scratch. */
  lz4Frame(from: number, length: number, to: number, table: number): number;
}
