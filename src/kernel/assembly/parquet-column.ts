// The state of one column chunk under construction. The host reads the fields before `physical` at fixed offsets
// (src/encode/parquet/column-state.ts), so their order is part of the contract.

export const I32: u32 = 0; // also every narrower signed integer, date, time in millis, decimal up to 9 digits
export const U32: u32 = 1;
export const I64: u32 = 2;
export const U64: u32 = 3;
export const F32: u32 = 4;
export const F64: u32 = 5;
export const FIXED_SIGNED: u32 = 6; // big-endian two's complement of `width` bytes
export const FIXED_BYTES: u32 = 7; // `width` bytes, unsigned order
export const BYTES: u32 = 8;
export const BITS: u32 = 9;

export const COPY: u32 = 0;
export const WIDEN_I8: u32 = 1;
export const WIDEN_U8: u32 = 2;
export const WIDEN_I16: u32 = 3;
export const WIDEN_U16: u32 = 4;
export const SECONDS_32: u32 = 5; // × 1000
export const SECONDS_64: u32 = 6; // × 1000, refused where it would overflow
export const NARROW_32: u32 = 7; // 16-byte little-endian → its low 4 bytes
export const NARROW_64: u32 = 8;
export const REVERSE: u32 = 9; // 16-byte little-endian → `width` bytes big-endian

export const MODE_PLAIN: u32 = 0;
export const MODE_DICTIONARY: u32 = 1;

export const STATUS_DONE: u32 = 0; // every row was taken
export const STATUS_FULL: u32 = 1; // close the page and call again
export const STATUS_OVERSIZE: u32 = 2; // the next row's value is larger than a page: the host writes it alone
export const STATUS_OVERFLOW: u32 = 3; // seconds that do not fit as milliseconds

export const FLAG_NULLABLE: u32 = 1;
export const FLAG_DICTIONARY: u32 = 2; // may use a dictionary
export const FLAG_DELTA: u32 = 4; // may use DELTA_BINARY_PACKED, or DELTA_LENGTH_BYTE_ARRAY for BYTES
export const FLAG_RUNS: u32 = 8; // may use RLE runs in dictionary indices

export const ENCODING_PLAIN: u32 = 0;
export const ENCODING_DELTA: u32 = 5;
export const ENCODING_DELTA_LENGTH: u32 = 6;
export const ENCODING_DICTIONARY: u32 = 8;

export const BLOCK: i32 = 1024; // rows worked on at a time: their scratch stays in the first-level cache
export const BOUND: i32 = 64; // bytes kept of a text minimum or maximum

@unmanaged
export class Column {
  // written for the host
  outAddress: u32; // 0
  outLength: u32; // 4
  outEncoding: u32; // 8
  rows: u32; // 12: rows in the open page
  values: u32; // 16: of them not null
  status: u32; // 20
  dictionaryCount: u32; // 24
  dictionaryLength: u32; // 28
  minLength: u32; // 32
  maxLength: u32; // 36
  minExact: u32; // 40
  maxExact: u32; // 44
  minInteger: i64; // 48
  maxInteger: i64; // 56
  minFloat: f64; // 64
  maxFloat: f64; // 72
  bounded: u32; // 80: 1 = the open page has a minimum and a maximum
  mode: u32; // 84
  dictionaryPages: u32; // 88: pages of this chunk closed as dictionary indices
  plainLength: u32; // 92: bytes of the open page's values, if they were PLAIN
  levelsLength: u32; // 96: bytes of encoded definition levels (with their length prefix) in front of the page's values
  minAddress: u32; // 100
  maxAddress: u32; // 104
  page: u32; // 108: values of the open page: PLAIN bytes, or u32 indices
  dictionary: u32; // 112
  // the plan
  physical: u32;
  convert: u32;
  width: u32; // bytes of a physical value
  flags: u32;
  pageCapacity: u32;
  maxRows: u32;
  levels: u32; // validity of the open page, one bit a row; written once there is a null
  levelsReserve: u32; // bytes free in front of `page`
  dictionaryCapacity: u32;
  entries: u32; // u32 offset of each entry (BYTES only)
  maxEntries: u32;
  table: u32; // of the dictionary; without one, the lengths of the open page's texts (DELTA_LENGTH_BYTE_ARRAY)
  maxTableBits: u32;
  scratch: u32; // shared by all columns: compact | converted | bits | page
  scratchPage: u32;
  // the chunk so far
  tableBits: u32;
  leaving: u32;
  refuseDelta: u32;
  total: u32; // values of the chunk so far
  totalPlain: f64; // their PLAIN bytes
  nextCheck: u32;
  expectedRows: u32;
  nulls: u32; // in the open page
}
