/** Codecs of parquet.thrift that every reader takes alike (Hadoop's LZ4 is framed in several ways, LZO has left). */
export const CODEC_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['UNCOMPRESSED', 0],
  ['SNAPPY', 1],
  ['GZIP', 2],
  ['BROTLI', 4],
  ['ZSTD', 6],
  ['LZ4_RAW', 7],
]);

export const ENCODING_NUMBERS: ReadonlyMap<string, number> = new Map([
  ['PLAIN', 0],
  ['PLAIN_DICTIONARY', 2],
  ['RLE', 3],
  ['BIT_PACKED', 4],
  ['DELTA_BINARY_PACKED', 5],
  ['DELTA_LENGTH_BYTE_ARRAY', 6],
  ['DELTA_BYTE_ARRAY', 7],
  ['RLE_DICTIONARY', 8],
  ['BYTE_STREAM_SPLIT', 9],
]);

/** `Type` of parquet.thrift. */
export const TYPE_NUMBERS = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  INT96: 3,
  FLOAT: 4,
  DOUBLE: 5,
  BYTE_ARRAY: 6,
  FIXED_LEN_BYTE_ARRAY: 7,
} as const;
