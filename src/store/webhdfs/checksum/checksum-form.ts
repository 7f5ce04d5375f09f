import type { CrcType } from './crc-type.ts';

/** What the name of an algorithm says. `blockChunks` is 0 where a file has one block; an empty file has no chunks either. */
export type ChecksumForm =
  | { readonly name: 'md5'; readonly type: CrcType; readonly chunkBytes: number; readonly blockChunks: number }
  /** The CRC of the whole content (`dfs.checksum.combine.mode=COMPOSITE_CRC`). */
  | { readonly name: 'composite'; readonly type: CrcType };

/** Reads `MD5-of-262144MD5-of-512CRC32C` or `COMPOSITE-CRC32C`; null where the name is another one. */
export function formOf(algorithm: string): ChecksumForm | null {
  const composite = /^COMPOSITE-(CRC32C?)$/.exec(algorithm);
  if (composite !== null) return { name: 'composite', type: composite[1] as CrcType };
  const md5 = /^MD5-of-(\d+)MD5-of-(\d+)(CRC32C?)$/.exec(algorithm);
  if (md5 === null) return null;
  return { name: 'md5', type: md5[3] as CrcType, chunkBytes: Number(md5[2]), blockChunks: Number(md5[1]) };
}
