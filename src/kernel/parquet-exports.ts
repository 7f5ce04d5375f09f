/**
 * The Parquet loops: dictionary, pack, delta, statistics. Addresses are offsets into the kernel's memory; the state of a
 * column chunk is laid out in `assembly/parquet-column.ts` and read through `encode/parquet/column-state.ts`.
 */
export interface ParquetExports {
  /** Bytes of one column's state. */
  parquetColumnBytes(): number;
  /** Lays a column's plan and buffers down in its state, and begins a chunk. */
  parquetColumnOpen(
    state: number,
    physical: number,
    convert: number,
    width: number,
    flags: number,
    page: number,
    pageCapacity: number,
    maxRows: number,
    levels: number,
    levelsReserve: number,
    dictionary: number,
    dictionaryCapacity: number,
    entries: number,
    maxEntries: number,
    table: number,
    maxTableBits: number,
    scratch: number,
    scratchPage: number,
    bounds: number,
  ): void;
  /** Begins a chunk; `expectedRows` is a guess, for the choice of encoding only. */
  parquetChunkBegin(state: number, expectedRows: number): void;
  /** Appends rows; answers the first one not taken, and says in the state's `status` why. `validity` 0 = no nulls. */
  parquetAppend(state: number, values: number, data: number, validity: number, from: number, to: number): number;
  /** Settles the choice of encoding for the open page, the last one. */
  parquetChunkEnd(state: number): void;
  /** Encodes the open page; where and how is in the state. */
  parquetPageEnd(state: number): void;
  parquetPageNext(state: number): void;
  /** RLE/bit-packing hybrid of `n` u32 values (8 more are overwritten); answers its length. */
  parquetHybrid(from: number, n: number, width: number, runs: number, to: number): number;
  /** DELTA_BINARY_PACKED of `n` values of 4 or 8 bytes; `scratch` is 4 KiB; answers its length. */
  parquetDelta(from: number, n: number, width: number, to: number, scratch: number): number;
  /** Definition levels of one bit from a bitmap; answers their length. */
  parquetLevels(bitmap: number, rows: number, to: number): number;
}
