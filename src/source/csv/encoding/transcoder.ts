/** Stands in the output for bytes that are not valid in the encoding; it cannot occur in UTF-8, so no reader takes it for text. */
export const INVALID = 0xff;

/** Bytes of room that a transcoder may use beyond the limit it is given. */
export const SLACK = 4;

/** How far a transcoder came. */
export interface Progress {
  /** Bytes of the source. */
  readonly read: number;
  /** Bytes of UTF-8. */
  readonly written: number;
}

/** Turns bytes of one encoding into UTF-8. It remembers nothing from call to call. */
export interface Transcoder {
  /**
   * Transcodes whole characters of `source` to the start of `target`, until the source ends, or holds the start of a character only
   * and is not `final`, or `limit` bytes or more are written (at most `SLACK` more). Bytes that are not valid become `INVALID`, one for
   * each piece: a byte below 0x80 after a broken character stays what it is.
   */
  run(source: Uint8Array, target: Uint8Array, limit: number, final: boolean): Progress;
}

/** The UTF-8 bytes of a code point, the first in the lowest eight bits; 0 for 0. */
export function packUtf8(code: number): number {
  if (code < 0x80) return code;
  if (code < 0x800) return 0x80c0 | (code >> 6) | ((code & 63) << 8);
  if (code < 0x1_0000) return 0x80_80e0 | (code >> 12) | (((code >> 6) & 63) << 8) | ((code & 63) << 16);
  const low = 0x80_80f0 | (code >> 18) | (((code >> 12) & 63) << 8) | (((code >> 6) & 63) << 16);
  return (low | ((0x80 | (code & 63)) << 24)) >>> 0;
}
