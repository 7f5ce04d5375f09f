import type { Kernel } from '../../kernel/kernel.ts';
import type { ArrowPlan } from './arrow-plan.ts';

/** A compression of buffers of a message. */
export interface BufferCodec {
  /** Member of Arrow's `CompressionType`. */
  readonly id: number;
  /** Compresses bytes of the kernel's memory; the answer is valid until the next call. */
  compress(address: number, length: number): Uint8Array;
}

/** Members of `CompressionType` (Arrow, Message.fbs). */
const CODEC = { lz4: 0, zstd: 1 } as const;

/** What is fast to make and fast to read, for bytes that travel once. */
const ZSTD_LEVEL = 1;

/** Bytes of kernel memory that `openBufferCodec` takes, for buffers of at most so many. */
export function bufferCodecBytes(plan: ArrowPlan, largest: number): number {
  // The kernel's own answers cannot be asked for before there is one: `lz4TableBytes`, `lz4Bound`.
  return plan.compression === 'lz4' ? 32_768 + largest + largest / 128 + 4096 : 0;
}

/** Loads the codec that a plan names; null where it names none. */
export async function openBufferCodec(plan: ArrowPlan, kernel: Kernel, largest: number): Promise<BufferCodec | null> {
  if (plan.compression === 'none') return null;
  if (plan.compression === 'zstd') {
    // As for Parquet: the native build shares one context among threads.
    const { compress } = await import('@cloudpss/zstd/wasm');
    const level = plan.compressionLevel ?? ZSTD_LEVEL;
    return {
      id: CODEC.zstd,
      compress: (address, length) => compress(kernel.bytes.subarray(address, address + length), level),
    };
  }
  const { exports, bytes } = kernel;
  const table = kernel.allocate(exports.lz4TableBytes());
  const frame = kernel.allocate(exports.lz4Bound(largest));
  return {
    id: CODEC.lz4,
    compress: (address, length) => bytes.subarray(frame, frame + exports.lz4Frame(address, length, frame, table)),
  };
}
