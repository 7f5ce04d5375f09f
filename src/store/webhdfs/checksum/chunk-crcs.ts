import { crcOf, crcTables } from './crc-tables.ts';
import type { CrcType } from './crc-type.ts';

/** CRCs of chunks of 512 bytes, one after the other, big-endian; the bytes are a whole number of chunks. */
export type CrcKernel = (type: CrcType, bytes: Uint8Array) => Uint8Array;

/** Opens one when it is first needed. */
export type LoadCrcKernel = () => Promise<CrcKernel>;

/** Bytes of the chunks that a kernel knows: HDFS's default. */
const KERNEL_CHUNK = 512;

/** CRCs of every `chunkBytes` bytes of what is handed over in pieces of any size, as HDFS keeps them beside a block. */
export class ChunkCrcs {
  readonly type: CrcType;
  readonly chunkBytes: number;
  readonly #tables: Int32Array;
  readonly #kernel: CrcKernel | null;
  #register = -1;
  #filled = 0;

  constructor(type: CrcType, chunkBytes: number, kernel: CrcKernel | null) {
    this.type = type;
    this.chunkBytes = chunkBytes;
    this.#tables = crcTables(type);
    this.#kernel = chunkBytes === KERNEL_CHUNK ? kernel : null;
  }

  /** Bytes of the chunk that is not full. */
  get filled(): number {
    return this.#filled;
  }

  /** CRC of the chunk that is not full; of none where `filled` is 0. */
  get open(): number {
    return ~this.#register;
  }

  /** CRCs of the chunks that these bytes filled, big-endian. */
  update(bytes: Uint8Array): Uint8Array {
    const { chunkBytes } = this;
    const filled = Math.floor((this.#filled + bytes.length) / chunkBytes);
    const out = Buffer.allocUnsafe(filled * 4);
    let done = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#filled === 0 && this.#kernel !== null && bytes.length - at >= chunkBytes) {
        const to = bytes.length - ((bytes.length - at) % chunkBytes);
        out.set(this.#kernel(this.type, bytes.subarray(at, to)), done * 4);
        done = filled;
        at = to;
        continue;
      }
      const to = Math.min(bytes.length, at + chunkBytes - this.#filled);
      this.#register = crcOf(this.#tables, this.#register, bytes, at, to);
      this.#filled += to - at;
      at = to;
      if (this.#filled < chunkBytes) continue;
      out.writeInt32BE(this.open, done * 4);
      done += 1;
      this.#register = -1;
      this.#filled = 0;
    }
    return out;
  }
}
