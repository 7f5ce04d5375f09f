import { createHash, type Hash } from 'node:crypto';
import { formOf } from './checksum-form.ts';
import { ChunkCrcs, type CrcKernel } from './chunk-crcs.ts';
import { CrcShift } from './crc-shift.ts';
import type { CrcType } from './crc-type.ts';

/** How a cluster sums files: what cannot be changed once bytes have been summed. */
export interface ChecksumKind {
  readonly type: CrcType;
  /** `dfs.bytes-per-checksum`. */
  readonly chunkBytes: number;
}

/** What Hadoop has answered for empty files from its first version on: the MD5 of its buffer, 32 zeros. */
const EMPTY_BUFFER = 32;
const MD5_BYTES = 16;

/**
 * The checksums that HDFS answers for a file (GETFILECHECKSUM), of bytes as they are written. Memory: 16 bytes for each block, and
 * 4 for each chunk until the block size is known.
 */
export class WrittenChecksum {
  readonly kind: ChecksumKind;
  readonly #kernel: CrcKernel | null;
  readonly #crcs: ChunkCrcs;
  readonly #shift: CrcShift;
  #length = 0;
  /** CRC of all whole chunks. */
  #whole = 0;
  /** Chunks of a block; null = not known yet; 0 = blocks that do not end with a chunk. */
  #blockChunks: number | null = null;
  /** CRCs of chunks, until it is known which block they are of. */
  #waiting: Uint8Array[] = [];
  #block: Hash = createHash('md5');
  #inBlock = 0;
  readonly #blocks: Buffer[] = [];

  constructor(kind: ChecksumKind, kernel: CrcKernel | null) {
    this.kind = kind;
    this.#kernel = kernel;
    this.#crcs = new ChunkCrcs(kind.type, kind.chunkBytes, kernel);
    this.#shift = new CrcShift(kind.type, kind.chunkBytes);
  }

  /** One of the same kind, of nothing. */
  fresh(): WrittenChecksum {
    return new WrittenChecksum(this.kind, this.#kernel);
  }

  get length(): number {
    return this.#length;
  }

  get knowsBlocks(): boolean {
    return this.#blockChunks !== null;
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    const crcs = this.#crcs.update(bytes);
    const view = new DataView(crcs.buffer, crcs.byteOffset, crcs.byteLength);
    for (let at = 0; at < crcs.length; at += 4) this.#whole = this.#shift.of(this.#whole) ^ view.getInt32(at);
    if (this.#blockChunks === null) this.#waiting.push(crcs);
    else this.#fold(crcs);
  }

  /** Says how long blocks are, in bytes: once. */
  setBlockBytes(bytes: number): void {
    const { chunkBytes } = this.kind;
    this.#blockChunks = bytes % chunkBytes === 0 ? bytes / chunkBytes : 0;
    for (const crcs of this.#waiting) this.#fold(crcs);
    this.#waiting = [];
  }

  /** What HDFS calls this, unless it is told to combine CRCs; null where blocks are not known, or not cut between chunks. */
  get algorithm(): string | null {
    if (this.#length === 0) return 'MD5-of-0MD5-of-0CRC32';
    if (this.#blockChunks === null || this.#blockChunks === 0) return null;
    const { type, chunkBytes } = this.kind;
    const blockChunks = this.#length > this.#blockChunks * chunkBytes ? this.#blockChunks : 0;
    return `MD5-of-${blockChunks}MD5-of-${chunkBytes}${type}`;
  }

  /** What HDFS may answer under this name for what was written, in hex; null where it means something that was not computed. */
  expected(algorithm: string): readonly string[] | null {
    const form = formOf(algorithm);
    if (form === null) return null;
    if (this.#length === 0) {
      if (form.name !== 'md5' || form.chunkBytes !== 0 || form.blockChunks !== 0) return null;
      return [inHex(0, 0, md5(Buffer.alloc(EMPTY_BUFFER)))];
    }
    const { type, chunkBytes } = this.kind;
    if (form.type !== type) return null;
    if (form.name === 'composite') return [(this.#composite() >>> 0).toString(16).padStart(8, '0')];
    const blocks = this.#blockMd5s();
    if (blocks === null || form.chunkBytes !== chunkBytes) return null;
    const blockChunks = blocks.length > 1 ? (this.#blockChunks ?? 0) : 0;
    if (form.blockChunks !== blockChunks) return null;
    const joined = Buffer.concat(blocks);
    // Hadoop sums all of its buffer, which doubles as it grows; should one sum the used part of it, that is right as well.
    const padded = Buffer.concat([joined], bufferOf(joined.length));
    return [md5(padded), md5(joined)].map((sum) => inHex(chunkBytes, blockChunks, sum));
  }

  #composite(): number {
    const { filled, open } = this.#crcs;
    if (filled === 0) return this.#whole;
    return new CrcShift(this.kind.type, filled).of(this.#whole) ^ open;
  }

  /** MD5 of the CRCs of every block, or null where blocks are not known, or not cut between chunks. */
  #blockMd5s(): readonly Buffer[] | null {
    if (this.#blockChunks === null || this.#blockChunks === 0) return null;
    const { filled, open } = this.#crcs;
    if (this.#inBlock === 0 && filled === 0) return this.#blocks;
    const last = this.#block.copy();
    if (filled > 0) {
      const crc = Buffer.allocUnsafe(4);
      crc.writeInt32BE(open);
      last.update(crc);
    }
    return [...this.#blocks, last.digest()];
  }

  #fold(crcs: Uint8Array): void {
    const chunks = this.#blockChunks ?? 0;
    if (chunks === 0) return;
    for (let at = 0; at < crcs.length; ) {
      const to = Math.min(crcs.length, at + (chunks - this.#inBlock) * 4);
      this.#block.update(crcs.subarray(at, to));
      this.#inBlock += (to - at) / 4;
      at = to;
      if (this.#inBlock < chunks) continue;
      this.#blocks.push(this.#block.digest());
      this.#block = createHash('md5');
      this.#inBlock = 0;
    }
  }
}

function bufferOf(length: number): number {
  let size = EMPTY_BUFFER;
  while (size < length) size *= 2;
  return size;
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

/** As the answer has it, and `hdfs dfs -checksum` prints it: bytes of a chunk, chunks of a block (0 = there is one block), MD5. */
function inHex(chunkBytes: number, blockChunks: number, sum: Buffer): string {
  const bytes = Buffer.alloc(4 + 8 + MD5_BYTES);
  bytes.writeInt32BE(chunkBytes);
  bytes.writeBigInt64BE(BigInt(blockChunks), 4);
  sum.copy(bytes, 12);
  return bytes.toString('hex');
}
