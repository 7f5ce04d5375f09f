import { constants, gzipSync } from 'node:zlib';
import type { EncodePlan } from './encode-plan.ts';
import { CODEC } from './format.ts';

/** A compression of whole pages. */
export interface Codec {
  /** Parquet's `CompressionCodec`. */
  readonly id: number;
  /** Compresses into a buffer of its own; the input may be overwritten afterwards. */
  compress(page: Uint8Array): Uint8Array;
}

/** Loads the one codec that a plan names. */
export async function openCodec(destination: EncodePlan['destination']): Promise<Codec> {
  const level = destination.compressionLevel;
  switch (destination.compression) {
    case 'none':
      return { id: CODEC.none, compress: (page) => page.slice() };
    case 'snappy': {
      const { compressSync } = await import('snappy');
      // Copied, because memory outside the heap is freed by the event loop only, and a row group never yields to it.
      const options = { copyOutputData: true };
      return { id: CODEC.snappy, compress: (page) => compressSync(page, options) };
    }
    case 'gzip': {
      const options = { level: level ?? constants.Z_DEFAULT_COMPRESSION };
      return { id: CODEC.gzip, compress: (page) => gzipSync(page, options) };
    }
    case 'zstd': {
      // The native build keeps one compression context per process, which worker threads would share: frames torn or wrong.
      // The WebAssembly build has one per thread, and makes the same bytes.
      const { compress } = await import('@cloudpss/zstd/wasm');
      return { id: CODEC.zstd, compress: (page) => compress(page, level ?? 3) };
    }
  }
}
