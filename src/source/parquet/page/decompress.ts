import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** Decompresses a whole page, which must have `length` bytes then. Throws a plain Error where it has not. */
export type Decompress = (page: Uint8Array, length: number) => Uint8Array;

/** Loads the codec of that name (`CompressionCodec` of parquet.thrift), or answers null where there is none. */
export async function openDecompress(codec: string): Promise<Decompress | null> {
  switch (codec) {
    case 'UNCOMPRESSED':
      return (page, length) => checked(page, length);
    case 'SNAPPY': {
      const { uncompressSync } = await import('snappy');
      return (page, length) => {
        checkAnnounced(snappyLength(page), length);
        return checked(uncompressSync(page, { asBuffer: true, copyOutputData: true }) as Uint8Array, length);
      };
    }
    case 'GZIP':
      return (page, length) => checked(gunzipSync(page, { maxOutputLength: Math.max(1, length) }), length);
    case 'BROTLI':
      return (page, length) => checked(brotliDecompressSync(page, { maxOutputLength: Math.max(1, length) }), length);
    case 'ZSTD': {
      const { decompress } = await import('@cloudpss/zstd/wasm');
      return (page, length) => {
        checkAnnounced(zstdLength(page), length);
        return checked(decompress(page), length);
      };
    }
    case 'LZ4':
    case 'LZ4_RAW': {
      const { compressors } = await import('hyparquet-compressors');
      const decompress = compressors[codec] as Decompress;
      return (page, length) => checked(decompress(page, length), length);
    }
    default:
      return null;
  }
}

function checked(page: Uint8Array, length: number): Uint8Array {
  checkAnnounced(page.length, length);
  return page;
}

function checkAnnounced(found: number | null, length: number): void {
  if (found === null || found === length) return;
  throw new Error(`a page has ${found} bytes, its header says ${length}`);
}

/** What a snappy block says of its length before it is believed. */
function snappyLength(page: Uint8Array): number {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = page[index] ?? 0;
    value += (byte & 127) * 2 ** (7 * index);
    if (byte < 128) break;
  }
  return value;
}

/** The length that a zstd frame announces (RFC 8878 §3.1.1.1), or null where it does not. */
function zstdLength(page: Uint8Array): number | null {
  const descriptor = page[4] ?? 0;
  const flag = descriptor >> 6;
  const single = (descriptor & 32) !== 0;
  if (flag === 0 && !single) return null;
  const at = 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] as number);
  const size = [1, 2, 4, 8][flag] as number;
  let value = 0;
  for (let index = 0; index < size; index += 1) value += (page[at + index] ?? 0) * 2 ** (8 * index);
  return size === 2 ? value + 256 : value;
}
