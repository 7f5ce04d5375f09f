export type InputCompression = 'none' | 'gzip' | 'zstd';

/** Bytes that `sniffCompression` wants to see. */
export const MAGIC_BYTES = 4;

/** Tells by the first bytes (RFC 1952, RFC 8878 with its skippable frames); neither magic can start UTF-8 text. */
export function sniffCompression(head: Uint8Array): InputCompression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  if (((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) return 'zstd';
  return 'none';
}
