import { isAscii } from 'node:buffer';
import { INVALID, type Progress, packUtf8, type Transcoder } from './transcoder.ts';

/** What is looked at for a run of ASCII, which is copied. */
const BLOCK = 2048;
/** Bytes of UTF-8 that one byte becomes at most. */
const GROWTH = 3;

/** Encodings in which every byte is a character, or none. */
export class SingleByteTranscoder implements Transcoder {
  /** The UTF-8 of each byte, packed. */
  readonly #table: Uint32Array;

  /** `codes`: the code point of each byte, 0 for a byte ≥ 0x80 that is none. */
  constructor(codes: Uint32Array) {
    this.#table = codes.map((code, byte) => (code === 0 && byte > 0 ? INVALID : packUtf8(code)));
  }

  run(source: Uint8Array, target: Uint8Array, limit: number): Progress {
    let read = 0;
    let written = 0;
    while (read < source.length && written < limit) {
      const size = Math.min(BLOCK, Math.max(1, Math.floor((limit - written) / GROWTH)));
      const block = source.subarray(read, read + size);
      if (isAscii(block)) {
        target.set(block, written);
        written += block.length;
      } else {
        written = mapBytes(block, this.#table, target, written);
      }
      read += block.length;
    }
    return { read, written };
  }
}

function mapBytes(block: Uint8Array, table: Uint32Array, target: Uint8Array, from: number): number {
  let out = from;
  for (let at = 0; at < block.length; at += 1) {
    const packed = table[block[at] as number] as number;
    target[out] = packed;
    out += 1;
    if (packed > 0xff) {
      target[out] = packed >> 8;
      out += 1;
      if (packed > 0xffff) {
        target[out] = packed >> 16;
        out += 1;
      }
    }
  }
  return out;
}
