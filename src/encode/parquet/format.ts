/** Numbers of the Parquet format (parquet.thrift). */
export const TYPE = {
  boolean: 0,
  int32: 1,
  int64: 2,
  float: 4,
  double: 5,
  byteArray: 6,
  fixed: 7,
} as const;

export const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, delta: 5, deltaLength: 6, dictionary: 8 } as const;

export const CODEC = { none: 0, snappy: 1, gzip: 2, zstd: 6 } as const;

export const PAGE = { data: 0, dictionary: 2 } as const;

export const REPETITION = { required: 0, optional: 1 } as const;

export const BOUNDARY_ORDER = { unordered: 0, ascending: 1, descending: 2 } as const;

export const MAGIC = new Uint8Array([0x50, 0x41, 0x52, 0x31]);
