import { isAscii } from 'node:buffer';
import { INVALID, type Progress, type Transcoder } from './transcoder.ts';

/** The characters of more than two bytes that an encoding has. */
export interface LongCharacters {
  /**
   * The character at `at`, where no pair begins: its bytes in UTF-8, packed (0 = not valid), and how many bytes of the source it or the
   * invalid piece takes. `size` 0 = the source ends inside what may still be valid.
   */
  read(source: Uint8Array, at: number): { readonly packed: number; readonly size: number };
}

/** What the bytes of an encoding mean; below 0x80 they are ASCII. UTF-8 is packed (see `packUtf8`), 0 means not valid. */
export interface EncodingTables {
  /** By byte. */
  readonly singles: Uint32Array;
  /** By first byte × 256 + second. */
  readonly pairs: Uint32Array;
  /** 1 for a byte that begins a character of several bytes. */
  readonly leads: Uint8Array;
  readonly long: LongCharacters | null;
}

/** What is looked at for a run of ASCII, which is copied. */
const BLOCK = 2048;

/** Encodings of one byte, two and more, whose characters are looked up in tables. */
export class TableTranscoder implements Transcoder {
  readonly #tables: EncodingTables;

  constructor(tables: EncodingTables) {
    this.#tables = tables;
  }

  run(source: Uint8Array, target: Uint8Array, limit: number, final: boolean): Progress {
    let read = 0;
    let written = 0;
    while (read < source.length && written < limit) {
      const block = source.subarray(read, read + Math.min(BLOCK, limit - written));
      if (isAscii(block)) {
        target.set(block, written);
        read += block.length;
        written += block.length;
        continue;
      }
      const step = this.#mixed(source, read, read + block.length, target, written, limit, final);
      if (step.read === read) break;
      ({ read, written } = step);
    }
    return { read, written };
  }

  /** Reads the characters that begin in `at … stop`. */
  #mixed(
    source: Uint8Array,
    from: number,
    stop: number,
    target: Uint8Array,
    written: number,
    limit: number,
    final: boolean,
  ): Progress {
    const { singles, pairs, leads, long } = this.#tables;
    const end = source.length;
    let at = from;
    let out = written;
    while (at < stop && out < limit) {
      const byte = source[at] as number;
      if (byte < 0x80) {
        target[out++] = byte;
        at += 1;
        continue;
      }
      let packed = singles[byte] as number;
      let size = 1;
      if (packed === 0 && leads[byte] === 1) {
        if (at + 1 < end) {
          const next = source[at + 1] as number;
          packed = pairs[(byte << 8) | next] as number;
          // A byte below 0x80 is never swallowed by what is not valid: it may end the field or the line.
          size = packed !== 0 || next >= 0x80 ? 2 : 1;
          if (packed === 0 && long !== null) {
            const character = long.read(source, at);
            if (character.size > 0) ({ packed, size } = character);
            else if (!final) break;
          }
        } else if (!final) break;
      }
      at += size;
      if (packed === 0) {
        target[out++] = INVALID;
        continue;
      }
      target[out++] = packed & 0xff;
      target[out++] = (packed >>> 8) & 0xff;
      if (packed > 0xffff) target[out++] = (packed >>> 16) & 0xff;
      if (packed > 0xff_ffff) target[out++] = packed >>> 24;
    }
    return { read: at, written: out };
  }
}
